use tencent_cam::{PolicyBuilder, key, trtc};

fn main() {
    let _ = PolicyBuilder::new().allow_everywhere([trtc::Action::RemoveUser, trtc::Action::GetUserList]);
    let office = key::SOURCE_IP.within(["10.0.0.0/8".parse::<key::IpNet>().unwrap()]);
    let before = key::CURRENT_TIME.before("2027-01-01T00:00:00Z".parse().unwrap());
    let _ = PolicyBuilder::new().allow_everywhere_if(trtc::Action::RemoveUser, [office, before]);
}
