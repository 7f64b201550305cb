use tencent_cam::{PolicyBuilder, Region, cos};

fn main() {
    let region = Region::new("ap-guangzhou").unwrap();
    let _ = PolicyBuilder::new().allow(cos::Bucket::new(1250000000, region, "photos"), [cos::Action::GetService]);
}
