//! The same policies in three languages, and requests about them.

use std::fmt::Write as _;

use tencent_cam::{Policy, PolicySet, Request, Uin};

pub const OWNER: u64 = 100000000001;
pub const CALLER: u64 = 100000000002;
const SHARED_ACTIONS: [&str; 3] = ["trtc:RemoveUser", "trtc:DismissRoom", "trtc:StartMCUMixTranscode"];
const OFFICE: &str = "10.0.0.0/8";
const AT_THE_OFFICE: &str = "10.1.2.3";
const ELSEWHERE: &str = "203.0.113.9";

/// What tells the policies of a set apart.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Each is about an application of its own, all about the same three actions.
    Applications,
    /// Each is about an action of its own, all about the same application.
    Actions,
}

/// One policy, before it is written in any language. Of each ten, one has an IP condition and one denies what another
/// allows.
struct Blueprint {
    actions: Vec<String>,
    application: u64,
    allow: bool,
    conditional: bool,
}

impl Shape {
    fn blueprint(self, number: usize) -> Blueprint {
        let denies = number % 10 == 8;
        // The denied one has an allow of its own, two policies before.
        let about = if denies { number - 2 } else { number };
        let (actions, application) = self.subject(about);
        Blueprint { actions, application, allow: !denies, conditional: number % 10 == 7 }
    }

    fn subject(self, number: usize) -> (Vec<String>, u64) {
        match self {
            Self::Applications => (SHARED_ACTIONS.map(str::to_owned).to_vec(), 1400000000 + number as u64),
            Self::Actions => (vec![format!("trtc:MadeUp{number:06}")], 1400000001),
        }
    }
}

/// A policy set's policies as JSON of CAM.
pub fn cam(shape: Shape, count: usize) -> Vec<String> {
    let texts = (0..count).map(|number| {
        let Blueprint { actions, application, allow, conditional } = shape.blueprint(number);
        let effect = if allow { "allow" } else { "deny" };
        let condition = match conditional {
            true => format!(r#","condition":{{"ip_equal":{{"qcs:ip":["{OFFICE}"]}}}}"#),
            false => String::new(),
        };
        format!(
            r#"{{"version":"2.0","statement":[{{"effect":"{effect}","action":{actions:?},"resource":["qcs::trtc::uin/{OWNER}:sdkappid/{application}"]{condition}}}]}}"#
        )
    });
    texts.collect()
}

/// The same as JSON of AWS, which iam-rs reads. A list of one is written as its value, which saves it a copy.
pub fn aws(shape: Shape, count: usize) -> Vec<String> {
    let texts = (0..count).map(|number| {
        let Blueprint { actions, application, allow, conditional } = shape.blueprint(number);
        let effect = if allow { "Allow" } else { "Deny" };
        let actions = match actions.as_slice() {
            [one] => format!("{one:?}"),
            several => format!("{several:?}"),
        };
        let condition = match conditional {
            true => format!(r#","Condition":{{"IpAddress":{{"aws:SourceIp":"{OFFICE}"}}}}"#),
            false => String::new(),
        };
        format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"{effect}","Action":{actions},"Resource":"arn:qcs:trtc::{OWNER}:sdkappid/{application}"{condition}}}]}}"#
        )
    });
    texts.collect()
}

/// The same in Cedar, in one text.
pub fn cedar(shape: Shape, count: usize) -> String {
    let mut text = String::new();
    for number in 0..count {
        let Blueprint { actions, application, allow, conditional } = shape.blueprint(number);
        let effect = if allow { "permit" } else { "forbid" };
        let actions: Vec<String> = actions.iter().map(|action| format!("Action::{action:?}")).collect();
        let action = match actions.as_slice() {
            [one] => format!("action == {one}"),
            several => format!("action in [{}]", several.join(", ")),
        };
        let _ = write!(text, "{effect}(principal, {action}, resource == Application::\"{application}\")");
        if conditional {
            let _ = write!(text, " when {{ context.ip.isInRange(ip(\"{OFFICE}\")) }}");
        }
        text.push_str(";\n");
    }
    text
}

/// A request, before it is written in any language.
#[derive(Clone)]
pub struct Question {
    pub action: String,
    pub application: u64,
    pub ip: &'static str,
}

impl Question {
    fn about(shape: Shape, number: usize, ip: &'static str) -> Self {
        let (actions, application) = shape.subject(number);
        Self { action: actions[0].clone(), application, ip }
    }

    pub fn cam(&self) -> Request {
        let resource = format!("qcs::trtc::uin/{OWNER}:sdkappid/{}", self.application);
        let request = Request::new(Uin::new(CALLER).unwrap(), &self.action, &resource).unwrap();
        request.with_ip(self.ip.parse().unwrap())
    }

    pub fn aws(&self) -> iam_rs::IAMRequest {
        let resource = format!("arn:qcs:trtc::{OWNER}:sdkappid/{}", self.application);
        iam_rs::IAMRequest::new_with_context(
            iam_rs::Principal::Aws(iam_rs::PrincipalId::String(format!(
                "arn:aws:iam::{OWNER}:user/{CALLER}"
            ))),
            self.action.as_str(),
            iam_rs::Arn::parse(&resource).unwrap(),
            iam_rs::Context::new().with_string("aws:SourceIp", self.ip),
        )
    }

    pub fn cedar(&self) -> cedar_policy::Request {
        let entity =
            |kind: &str, id: &str| format!("{kind}::{id:?}").parse::<cedar_policy::EntityUid>().unwrap();
        let ip = cedar_policy::RestrictedExpression::new_ip(self.ip);
        cedar_policy::Request::new(
            entity("User", &CALLER.to_string()),
            entity("Action", &self.action),
            entity("Application", &self.application.to_string()),
            cedar_policy::Context::from_pairs([("ip".to_owned(), ip)]).unwrap(),
            None,
        )
        .unwrap()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    Allowed,
    Denied,
    NothingMatches,
}

/// What is asked of a set of `count` policies, and the answer, if all questions have the same.
pub fn questions(shape: Shape, count: usize) -> [(&'static str, Vec<Question>, Option<Answer>); 6] {
    let one = |from_the_end: usize, ip| vec![Question::about(shape, count - from_the_end, ip)];
    // Steps that visit all, in no order that a processor guesses.
    let any = (0..4096).map(|at| Question::about(shape, at * 7919 % count, AT_THE_OFFICE)).collect();
    [
        ("allowed by the last", one(1, AT_THE_OFFICE), Some(Answer::Allowed)),
        ("allowed under its IP condition", one(3, AT_THE_OFFICE), Some(Answer::Allowed)),
        ("IP condition not met", one(3, ELSEWHERE), Some(Answer::NothingMatches)),
        ("explicitly denied", one(4, AT_THE_OFFICE), Some(Answer::Denied)),
        (
            "nothing matches",
            vec![Question::about(shape, count + 1, AT_THE_OFFICE)],
            Some(Answer::NothingMatches),
        ),
        ("4,096 different ones", any, None),
    ]
}

pub fn parsed(texts: &[String]) -> Vec<Policy> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

pub fn ours(policies: Vec<Policy>) -> PolicySet {
    PolicySet::new(policies, Uin::new(OWNER).unwrap())
}

/// iam-rs looks at a thousand statements unless it is told otherwise.
pub fn iam(texts: &[String]) -> iam_rs::PolicyEvaluator {
    let policies = texts.iter().map(|text| iam_rs::IAMPolicy::from_json(text).unwrap()).collect();
    let options = iam_rs::EvaluationOptions { max_statements: usize::MAX, ..Default::default() };
    iam_rs::PolicyEvaluator::with_policies(policies).with_options(options)
}
