//! Prints the facts of actions: `cargo run --example describe trtc:GetUserList ccc:CreateIVR`.

use std::process::ExitCode;

use tencent_cam::{Action, ActionEnum};

fn main() -> ExitCode {
    let mut names: Vec<String> = std::env::args().skip(1).collect();
    if names.is_empty() {
        names.push("trtc:GetUserList".to_owned());
    }
    let mut code = ExitCode::SUCCESS;
    for name in names {
        match name.parse::<Action>() {
            Ok(action) => describe(action),
            Err(error) => {
                eprintln!("{error}");
                code = ExitCode::FAILURE;
            }
        }
    }
    code
}

fn describe(action: Action) {
    let known = |fact: Option<&'static str>| fact.unwrap_or("unknown");
    println!("{action}: {}", action.description().map_or("not described", |text| text.en));
    println!("  in Rust       {}", action.enum_path());
    println!("  granularity   {}", action.granularity());
    for pattern in action.patterns() {
        println!("  resource      {}", pattern.single);
    }
    println!("  access level  {}", known(action.access_level().map(|level| level.as_str())));
    println!("  IP condition  {}", known(action.ip_condition().map(|yes| if yes { "yes" } else { "no" })));
    if let Some(restriction) = action.restriction() {
        println!("  restriction   {}", restriction.text.en);
    }
    if let Some(alternative) = action.alternative() {
        println!("  alternative   {alternative}");
    }
    if let Some(url) = action.doc_url() {
        println!("  see           {url}");
    }
}
