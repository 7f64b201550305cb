//! The script for bash completes the options of a command.

use std::process::Command;

#[test]
fn bash_completes_the_options_of_a_command() {
    let program = env!("CARGO_BIN_EXE_tencent-cam");
    let script = Command::new(program).args(["completions", "bash"]).output().unwrap().stdout;
    let script = String::from_utf8(script).unwrap();
    let name = script.split_once("() {").unwrap().0.trim().to_owned();
    let asked = format!(
        "{script}\nCOMP_WORDS=(tencent-cam lint --form); COMP_CWORD=2; {name} tencent-cam --form lint; echo \"${{COMPREPLY[@]}}\""
    );
    let Ok(output) = Command::new("bash").args(["--norc", "-c", &asked]).output() else {
        return;
    };
    let answer = String::from_utf8_lossy(&output.stdout);
    assert_eq!(answer.trim(), "--format", "{}", String::from_utf8_lossy(&output.stderr));
}
