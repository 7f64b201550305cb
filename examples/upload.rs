//! Writes the session policy for temporary keys that can upload under one prefix of a COS bucket, and nothing else.

use std::error::Error;

use tencent_cam::{PolicyBuilder, Region, cos};

fn main() -> Result<(), Box<dyn Error>> {
    let (app_id, region) = (1250000000, Region::new("ap-guangzhou")?);
    let folder = cos::Object::prefix(app_id, region, "photos", "user-7/")?;
    let policy = PolicyBuilder::new().allow(folder, cos::ObjectAction::UPLOAD).build()?;
    // The JSON goes into the parameter `Policy` of sts:GetFederationToken.
    println!("{policy:#}");
    Ok(())
}
