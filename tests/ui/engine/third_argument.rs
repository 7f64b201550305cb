use tencent_cam::{PolicyBuilder, Uin, key, trtc};

fn main() {
    let app = trtc::Application::id(Uin::new(12345678).unwrap(), 1400000001);
    let _ = PolicyBuilder::new().allow(app, trtc::Action::RemoveUser, key::MFA.is(true));
    let _ = PolicyBuilder::new().allow_everywhere(trtc::Action::RemoveUser, key::MFA.is(true));
}
