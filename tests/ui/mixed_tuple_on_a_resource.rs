use tencent_cam::{PolicyBuilder, Uin, trtc};

fn main() {
    let app = trtc::Application::id(Uin::new(12345678).unwrap(), 1400000001);
    let _ = PolicyBuilder::new().allow(app, (trtc::Action::RemoveUser, trtc::Action::GetUserList));
}
