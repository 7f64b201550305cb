use tencent_cam::{PolicyBuilder, trtc};

fn main() {
    let _ = PolicyBuilder::new().allow([], [trtc::Action::RemoveUser]);
    let _ = PolicyBuilder::new().allow((), [trtc::Action::RemoveUser]);
    let _ = PolicyBuilder::new().allow("*", [trtc::Action::RemoveUser]);
}
