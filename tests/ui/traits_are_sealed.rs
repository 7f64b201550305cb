use tencent_cam::{Action, ActionList, trtc};

struct Own;

impl ActionList for Own {
    type Action = trtc::ApplicationAction;

    fn into_actions(self) -> Vec<Action> {
        vec![trtc::Action::GetUserList.into()]
    }
}

fn main() {}
