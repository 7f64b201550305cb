use tencent_cam::{Policy, Uin, ccc};

fn main() {
    let owner = Uin::new(12345678).unwrap();
    let _ = Policy::builder()
        .allow(ccc::Application::id(owner, 1400000001), [ccc::RegionalApplicationAction::DestroyNumberResource]);
}
