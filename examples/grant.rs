//! Builds a policy from typed grants and prints the JSON to paste into CAM.

use std::error::Error;

use tencent_cam::{PolicyBuilder, Uin, trtc};

fn main() -> Result<(), Box<dyn Error>> {
    let owner = Uin::new(12345678)?;
    let policy = PolicyBuilder::new()
        .allow(
            trtc::Application::id(owner, 1400000001),
            [trtc::Action::RemoveUser, trtc::Action::DismissRoom],
        )
        .deny(trtc::Application::all(owner), [trtc::Action::DismissRoom])
        .allow_everywhere([trtc::Action::DescribeDetailEvent, trtc::Action::GetUserList])
        .build()?;
    println!("{policy:#}");
    Ok(())
}
