//! Builds a policy from typed grants and prints the JSON to paste into CAM.

use std::error::Error;

use tencent_cam::{Policy, Uin, trtc};

fn main() -> Result<(), Box<dyn Error>> {
    let owner = Uin::new(12345678)?;
    let policy = Policy::builder()
        .allow(
            trtc::Application::id(owner, 1400000001),
            [trtc::ApplicationAction::RemoveUser, trtc::ApplicationAction::DismissRoom],
        )
        .deny(trtc::Application::all(owner), [trtc::ApplicationAction::DismissRoom])
        .allow_everywhere([trtc::OperationAction::DescribeDetailEvent, trtc::OperationAction::GetUserList])
        .build()?;
    println!("{policy:#}");
    Ok(())
}
