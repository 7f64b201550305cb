use tencent_cam::catalog::Action;
use tencent_cam::{ActionList, trtc};

struct Own;

impl ActionList for Own {
    type Action = trtc::ApplicationAction;

    fn into_actions(self) -> Vec<Action<'static>> {
        vec![trtc::Action::GetUserList.facts()]
    }
}

fn main() {}
