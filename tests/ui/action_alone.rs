use tencent_cam::{PolicyBuilder, trtc};

fn main() {
    let _ = PolicyBuilder::new().allow(trtc::Action::GetUserList);
    let _ = PolicyBuilder::new().allow([trtc::Action::RemoveUser]);
}
