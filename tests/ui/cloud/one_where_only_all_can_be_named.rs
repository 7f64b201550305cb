use tencent_cam::{PolicyBuilder, Region, Uin, cvm};

fn main() {
    let (owner, region) = (Uin::new(12345678).unwrap(), Region::new("ap-guangzhou").unwrap());
    let _ = PolicyBuilder::new()
        .allow(cvm::Instance::id(owner, region, "ins-a1b2c3d4"), [cvm::Action::RunInstances]);
}
