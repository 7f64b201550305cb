use tencent_cam::{Policy, Uin, ccc, trtc};

fn main() {
    let owner = Uin::new(12345678).unwrap();
    let _ = Policy::builder()
        .allow(ccc::Application::id(owner, 1400000001), [trtc::ApplicationAction::RemoveUser]);
}
