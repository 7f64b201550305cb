use tencent_cam::{PolicyBuilder, Uin, trtc};

fn main() {
    let owner = Uin::new(12345678).unwrap();
    let app = trtc::Application::id(owner, 1400000001);
    let _ = PolicyBuilder::new().allow([trtc::Action::RemoveUser], &app);
    let _ = PolicyBuilder::new().deny(trtc::Action::RemoveUser, app);
}
