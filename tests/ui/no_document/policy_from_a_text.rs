use tencent_cam::Policy;

fn main() {
    let _ = r#"{"version":"2.0","statement":[]}"#.parse::<Policy>();
}
