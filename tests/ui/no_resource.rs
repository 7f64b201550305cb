use tencent_cam::{Policy, trtc};

fn main() {
    let _ = Policy::builder().allow([], [trtc::ApplicationAction::RemoveUser]);
    let _ = Policy::builder().allow((), [trtc::ApplicationAction::RemoveUser]);
    let _ = Policy::builder().allow("*", [trtc::ApplicationAction::RemoveUser]);
}
