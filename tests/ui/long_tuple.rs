use tencent_cam::{PolicyBuilder, trtc};

fn main() {
    let a = trtc::Action::RemoveUser;
    let _ = PolicyBuilder::new().allow_everywhere((a, a, a, a, a, a, a, a, a, a, a, a, a));
}
