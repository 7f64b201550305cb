use tencent_cam::cos;

fn main() {
    let _ = cos::Action::GetObject;
}
