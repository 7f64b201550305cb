use tencent_cam::{Policy, Uin, trtc};

fn main() {
    let owner = Uin::new(12345678).unwrap();
    let _ = Policy::builder()
        .allow(trtc::Application::id(owner, 1400000001), [trtc::UndocumentedAction::TextToSpeech]);
}
