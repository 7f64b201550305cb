//! Makes random catalogs that the reader of catalogs accepts.

use cam_policy::catalog::{Catalog, Granularity};

use super::{Parts, made};

/// The services, each with names of actions that the tests ask about.
const SERVICES: [(&str, &[&str]); 5] = [
    ("trtc", &["RemoveUser", "RemoveUserByStrRoomId", "GetUserList", "DismissRoom", "StartRoom", "Stop"]),
    ("ccc", &["CreateStaff", "CreateIVR", "DestroyNumberResource", "CreateStaffs", "DeleteStaff"]),
    ("cos", &["GetObject", "PutObject", "HeadObject", "DeleteObject"]),
    ("cvm", &["RunInstances", "StopInstances", "DescribeRegions"]),
    ("a", &["B", "Be", "b"]),
];

const ACCOUNTS: [&str; 5] = ["uin/${uin}", "uin/${uin}", "uin/", "", "uid/1250000000"];

/// The last segment of one resource, and of all resources.
const RESOURCES: [(&str, &str); 7] = [
    ("sdkappid/${SdkAppId}", "sdkappid/*"),
    ("SdkAppId/${SdkAppId}", "SdkAppId/*"),
    ("bucket/${uin}/${Object}", "bucket/*"),
    ("a/${Id}", "a/*"),
    ("a/${Id}/b:${Other}", "a/*"),
    ("${Name}", "*"),
    ("1${Id}", "1*"),
];

/// Makes a catalog; `below` returns a random number below its argument.
pub(crate) fn catalog(below: &mut dyn FnMut(usize) -> usize) -> Catalog<'static> {
    let mut services = Vec::new();
    for (id, names) in SERVICES {
        if below(3) == 0 {
            continue;
        }
        let patterns: Vec<[String; 3]> = (0..=below(3))
            .map(|number| {
                let segment = if below(4) == 0 { "cos" } else { id };
                let region = if below(3) == 0 { "${region}" } else { "" };
                let account = ACCOUNTS[below(ACCOUNTS.len())];
                let (single, all) = RESOURCES[below(RESOURCES.len())];
                let form = |last| format!("qcs::{segment}:{region}:{account}:{last}");
                [format!("pattern_{number}"), form(single), form(all)]
            })
            .collect();
        let mut actions = Vec::new();
        for name in names {
            match below(5) {
                0 => {}
                1 => actions.push(((*name).to_owned(), Granularity::Operation, Vec::new())),
                2 => actions.push(((*name).to_owned(), Granularity::Undocumented, Vec::new())),
                _ => {
                    let first = below(patterns.len());
                    let of = (first..patterns.len()).filter(|at| *at == first || below(2) == 0).collect();
                    actions.push(((*name).to_owned(), Granularity::Resource, of));
                }
            }
        }
        services.push(Parts::new(id, patterns, actions));
    }
    made(services)
}
