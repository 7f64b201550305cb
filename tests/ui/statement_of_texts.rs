use tencent_cam::{Effect, Statement};

fn main() {
    let _ = Statement::new(Effect::Allow, ["cos:*"], ["*"]);
}
