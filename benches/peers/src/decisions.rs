//! The same decision by each engine. Each has read its policies and made its requests ready before the clock starts.

use std::hint::black_box;

use cpu_time::ThreadTime;
use peers::policies::{Answer, Question, Shape, aws, cam, cedar, iam, ours, parsed, questions};
use peers::timing::{median, medians, ns};

const SHAPES: [(Shape, &str); 2] = [
    (Shape::Applications, "(a) each about its own application, all about the same three actions"),
    (Shape::Actions, "(b) each about its own action, all about the same application"),
];
/// Ascending: growth is told from the first to the last.
const SIZES: [usize; 4] = [10, 100, 1_000, 10_000];

/// One engine of each kind over the same policies.
struct Engines {
    ours: tencent_cam::PolicySet,
    iam: iam_rs::PolicyEvaluator,
    cedar: cedar_policy::PolicySet,
    authorizer: cedar_policy::Authorizer,
    /// Actions and applications are compared by name alone, so that Cedar need not look any up.
    entities: cedar_policy::Entities,
}

impl Engines {
    fn new(shape: Shape, count: usize) -> Self {
        Self {
            ours: ours(parsed(&cam(shape, count))),
            iam: iam(&aws(shape, count)),
            cedar: cedar(shape, count).parse().unwrap(),
            authorizer: cedar_policy::Authorizer::new(),
            entities: cedar_policy::Entities::empty(),
        }
    }

    fn ours(&self, request: &tencent_cam::Request) -> Answer {
        match self.ours.decide(request).decision() {
            tencent_cam::Decision::Allowed => Answer::Allowed,
            tencent_cam::Decision::ExplicitlyDenied => Answer::Denied,
            tencent_cam::Decision::ImplicitlyDenied => Answer::NothingMatches,
        }
    }

    fn iam(&self, request: &iam_rs::IAMRequest) -> Answer {
        match self.iam.evaluate(request).unwrap().decision {
            iam_rs::Decision::Allow => Answer::Allowed,
            iam_rs::Decision::Deny => Answer::Denied,
            iam_rs::Decision::NotApplicable => Answer::NothingMatches,
        }
    }

    fn cedar(&self, request: &cedar_policy::Request) -> Answer {
        let response = self.authorizer.is_authorized(request, &self.cedar, &self.entities);
        assert_eq!(response.diagnostics().errors().count(), 0);
        match response.decision() {
            cedar_policy::Decision::Allow => Answer::Allowed,
            cedar_policy::Decision::Deny if response.diagnostics().reason().next().is_some() => {
                Answer::Denied
            }
            cedar_policy::Decision::Deny => Answer::NothingMatches,
        }
    }

    fn must_agree(&self, what: &str, questions: &[Question], expected: Option<Answer>) {
        // All of many questions would take Cedar and iam-rs minutes.
        for question in questions.iter().step_by(questions.len().div_ceil(128)) {
            let answers =
                [self.ours(&question.cam()), self.iam(&question.aws()), self.cedar(&question.cedar())];
            let expected = expected.unwrap_or(answers[0]);
            assert_eq!(answers, [expected; 3], "{what}: {} on {}", question.action, question.application);
        }
    }
}

/// Prints what a decision takes.
pub fn compare() {
    for (shape, title) in SHAPES {
        println!("\n{title}:\n");
        println!(
            "| policies | request | tencent-cam ns | decisions/s | iam-rs ns | Cedar ns | iam-rs / ours | Cedar / ours |"
        );
        println!("|---:|---|---:|---:|---:|---:|---:|---:|");
        let sizes = SIZES.map(|count| (count, Engines::new(shape, count)));
        let mut growth = Vec::new();
        for (count, engines) in &sizes {
            for (at, (what, questions, expected)) in questions(shape, *count).into_iter().enumerate() {
                engines.must_agree(what, &questions, expected);
                let [ours, iam, cedar] = time(engines, &questions);
                println!(
                    "| {count} | {what} | {} | {} | {} | {} | {} | {} |",
                    ns(ours),
                    ns(1e9 / ours),
                    ns(iam),
                    ns(cedar),
                    ns(iam / ours),
                    ns(cedar / ours)
                );
                if *count == SIZES[0] {
                    growth.push((what, ours));
                } else if *count == SIZES[3] {
                    growth[at].1 = ours / growth[at].1;
                }
            }
        }
        let growth: Vec<String> = growth.iter().map(|(what, times)| format!("{what} {times:.1}")).collect();
        println!("\nOurs at 10,000 policies / at 10: {}.", growth.join(", "));
    }
}

fn time(engines: &Engines, questions: &[Question]) -> [f64; 3] {
    let (ours, iam): (Vec<_>, Vec<_>) = questions.iter().map(|one| (one.cam(), one.aws())).unzip();
    let cedar: Vec<_> = questions.iter().map(Question::cedar).collect();
    let at = |call: usize| call % questions.len();
    medians([
        &|call| {
            black_box(engines.ours.decide(black_box(&ours[at(call)])).decision());
        },
        &|call| drop(black_box(engines.iam.evaluate(black_box(&iam[at(call)])))),
        &|call| {
            let request = black_box(&cedar[at(call)]);
            black_box(engines.authorizer.is_authorized(request, &engines.cedar, &engines.entities));
        },
    ])
}

/// Prints what it takes to make policies ready, from their texts.
pub fn compile() {
    println!(
        "\n| policies | tencent-cam ns per policy, from text | of it `PolicySet::new` | iam-rs ns | Cedar ns |"
    );
    println!("|---|---:|---:|---:|---:|");
    for (shape, title) in SHAPES {
        for count in [1_000, 10_000] {
            let (cam, aws, cedar) = (cam(shape, count), aws(shape, count), cedar(shape, count));
            let policies = parsed(&cam);
            let new = compile_only(&policies);
            let [ours, iam, cedar] = medians([
                &|_| drop(black_box(ours(parsed(black_box(&cam))))),
                &|_| drop(black_box(iam(black_box(&aws)))),
                &|_| drop(black_box(black_box(&cedar).parse::<cedar_policy::PolicySet>())),
            ])
            .map(|all| ns(all / count as f64));
            println!("| {count}, {} | {ours} | {} | {iam} | {cedar} |", &title[..3], ns(new / count as f64));
        }
    }
}

fn compile_only(policies: &[tencent_cam::Policy]) -> f64 {
    let measured = (0..21).map(|_| {
        // `PolicySet::new` takes the policies: the copy is made before the clock starts.
        let copy = policies.to_vec();
        let start = ThreadTime::now();
        let set = black_box(ours(copy));
        let took = start.elapsed();
        drop(set);
        took.as_secs_f64() * 1e9
    });
    median(measured.collect())
}
