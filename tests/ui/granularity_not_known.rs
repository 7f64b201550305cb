use tencent_cam::{Action, PolicyBuilder, Uin, trtc};

fn main() {
    let owner = Uin::new(12345678).unwrap();
    let parsed: Action = "trtc:RemoveUser".parse().unwrap();
    let _ = PolicyBuilder::new().allow(trtc::Application::id(owner, 1400000001), [parsed]);
    let _ = PolicyBuilder::new().allow(trtc::Application::id(owner, 1400000001), trtc::Action::ALL);
}
