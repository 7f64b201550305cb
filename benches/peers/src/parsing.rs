//! Reading a policy beside `serde_json`, which reads the same bytes into a tree that knows nothing of policies.

use std::hint::black_box;

use tencent_cam::{Document, Policy};

use peers::timing::{medians, ns};

/// Statements until the policy has as many bytes.
fn policy(bytes: usize) -> String {
    let mut text = String::from(r#"{"version":"2.0","statement":["#);
    for number in 0.. {
        if number > 0 {
            text.push(',');
        }
        let application = 1400000000 + number;
        text += &format!(
            r#"{{"effect":"allow","action":["trtc:RemoveUser","trtc:DismissRoom","trtc:StartMCUMixTranscode"],"resource":["qcs::trtc::uin/100000000001:sdkappid/{application}"]"#
        );
        match number % 4 {
            0 => {
                text +=
                    r#","condition":{"ip_equal":{"qcs:ip":["10.0.0.0/8","192.168.1.7","203.0.113.0/24"]}}}"#
            }
            1 => text += r#","condition":{"for_any_value:string_equal":{"qcs:resource_tag":["env&prod"]}}}"#,
            _ => text += "}",
        }
        if text.len() + 2 >= bytes {
            break;
        }
    }
    text + "]}"
}

/// Prints what reading takes.
pub fn compare() {
    println!(
        "\n| policy | bytes | `Document::parse` ns | `parse::<Policy>` ns | serde_json ns | document / serde_json | policy / serde_json |"
    );
    println!("|---|---:|---:|---:|---:|---:|---:|");
    let large = policy(200_000);
    let laid_out = format!("{:#}", policy(1_500).parse::<Policy>().unwrap());
    for (what, text) in [
        ("small", policy(200)),
        ("typical", policy(2_000)),
        ("typical, one value a line", laid_out),
        ("large", large),
    ] {
        let [document, policy, json] = medians([
            &|_| drop(black_box(Document::parse(black_box(&text)).unwrap())),
            &|_| drop(black_box(black_box(&text).parse::<Policy>().unwrap())),
            &|_| drop(black_box(serde_json::from_str::<serde_json::Value>(black_box(&text)).unwrap())),
        ]);
        println!(
            "| {what} | {} | {} | {} | {} | {:.2} | {:.2} |",
            text.len(),
            ns(document),
            ns(policy),
            ns(json),
            document / json,
            policy / json
        );
    }
}
