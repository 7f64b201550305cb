use tencent_cam::{PolicyBuilder, Uin, ccc, trtc};

fn main() {
    let owner = Uin::new(12345678).unwrap();
    let _ = PolicyBuilder::new()
        .allow(ccc::Application::id(owner, 1400000001), [trtc::Action::RemoveUser]);
}
