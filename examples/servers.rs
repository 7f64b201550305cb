//! Writes a policy for an operator: servers may be restarted and watched, and one load balancer may get other servers.

use std::error::Error;

use tencent_cam::{PolicyBuilder, Region, Uin, clb, cvm, vpc};

fn main() -> Result<(), Box<dyn Error>> {
    let (owner, region) = (Uin::new(12345678)?, Region::new("ap-guangzhou")?);
    let policy = PolicyBuilder::new()
        .allow(
            cvm::Instance::id(owner, region.clone(), "ins-a1b2c3d4"),
            [cvm::Action::RebootInstances, cvm::Action::StartInstances, cvm::Action::StopInstances],
        )
        .allow(
            clb::Clb::id(owner, region.clone(), "lb-a1b2c3d4"),
            [
                clb::Action::RegisterInstancesWithLoadBalancer,
                clb::Action::DeregisterInstancesFromLoadBalancer,
            ],
        )
        .allow(
            clb::CvmInstance::id(owner, region.clone(), "ins-a1b2c3d4"),
            [
                clb::Action::RegisterInstancesWithLoadBalancer,
                clb::Action::DeregisterInstancesFromLoadBalancer,
            ],
        )
        .deny(vpc::Vpc::all(owner, region), [vpc::Action::DeleteVpc])
        .build()?;
    println!("{policy:#}");
    Ok(())
}
