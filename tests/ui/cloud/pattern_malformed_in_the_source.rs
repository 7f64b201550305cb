use tencent_cam::{PolicyBuilder, Region, Uin, clb};

fn main() {
    let (owner, region) = (Uin::new(12345678).unwrap(), Region::new("ap-guangzhou").unwrap());
    let _ = PolicyBuilder::new().allow(clb::AnyClb::all(owner, region), [clb::Action::CreateLoadBalancer]);
}
