//! Whether amoCRM's subscriptions are such that its hooks reach us.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::sight::Subscription;
use crate::domain::delivery::Told;
use crate::domain::event::Route;

/// Something that a person should look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HookFinding {
    /// The path of our address that it is about.
    pub path: String,
    /// What is wrong.
    pub problem: HookProblem,
    /// The events that it is about, by amoCRM's names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<String>,
    /// What a person does about it.
    pub what_to_do: String,
}

/// What is wrong with a subscription.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HookProblem {
    /// amoCRM has switched it off.
    Disabled,
    /// There is none.
    Missing,
    /// It does not tell of all that a sale depends on.
    Incomplete,
}

impl HookProblem {
    /// Its name in answers and logs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Disabled => "disabled",
            Self::Missing => "missing",
            Self::Incomplete => "incomplete",
        }
    }
}

/// The path of a route's address.
pub fn path(route: Route) -> &'static str {
    match route {
        Route::Sales => "/api/amocrm/sales-webhook",
        Route::Funnel => "/api/amocrm/funnel-sale",
        Route::Traffic => "/webhook/amocrm/traffic",
    }
}

/// What the route of all sales has to be told. A move is told of by `status_lead` as well as by `update_lead`.
const NEEDED: [&str; 5] = ["add_lead", "status_lead", "update_lead", "delete_lead", "restore_lead"];

fn ours(subscriptions: &[Subscription], route: Route) -> impl Iterator<Item = &Subscription> {
    subscriptions.iter().filter(move |one| one.destination.path().trim_end_matches('/') == path(route))
}

/// What is wrong. The product routes may also be fed by the digital pipeline, which is in no list: only one that is
/// switched off is wrong there.
pub fn findings(subscriptions: &[Subscription]) -> Vec<HookFinding> {
    let mut findings: Vec<HookFinding> = Route::ALL
        .into_iter()
        .flat_map(|route| ours(subscriptions, route).filter(|one| one.is_disabled).map(move |one| (route, one)))
        .map(|(route, one)| HookFinding {
            path: path(route).to_owned(),
            problem: HookProblem::Disabled,
            events: one.events.clone(),
            what_to_do: "amoCRM switched this hook off after too many bad answers: open amoCRM's settings, integrations, \
                         WebHooks, switch it on and save; what was missed meanwhile is healed by the poll"
                .to_owned(),
        })
        .collect();
    let told: BTreeSet<&str> =
        ours(subscriptions, Route::Sales).flat_map(|one| one.events.iter().map(String::as_str)).collect();
    let missing: Vec<String> =
        NEEDED.into_iter().filter(|event| !told.contains(event)).map(str::to_owned).collect();
    if told.is_empty() {
        findings.push(HookFinding {
            path: path(Route::Sales).to_owned(),
            problem: HookProblem::Missing,
            events: missing,
            what_to_do: "no hook tells us of deals: in amoCRM's settings, integrations, WebHooks, add this address with \
                         the key, for leads added, edited, moved, deleted and restored; until then the poll brings sales \
                         within ten minutes"
                .to_owned(),
        });
    } else if !missing.is_empty() {
        let what_to_do =
            format!("add {} to this hook in amoCRM's settings, integrations, WebHooks", missing.join(", "));
        let path = path(Route::Sales).to_owned();
        findings.push(HookFinding { path, problem: HookProblem::Incomplete, events: missing, what_to_do });
    }
    findings
}

/// What amoCRM tells of, by the subscriptions of ours that are on.
pub fn told(subscriptions: &[Subscription]) -> Told {
    let on =
        Route::ALL.into_iter().flat_map(|route| ours(subscriptions, route)).filter(|one| !one.is_disabled);
    Told::of(on.flat_map(|one| one.events.iter().map(String::as_str)))
}

#[cfg(test)]
mod tests {
    use super::super::sight::Destination;
    use super::*;

    fn subscription(address: &str, is_disabled: bool, events: &[&str]) -> Subscription {
        Subscription {
            destination: Destination(address.to_owned()),
            is_disabled,
            events: events.iter().map(|event| (*event).to_owned()).collect(),
        }
    }

    fn problems(subscriptions: &[Subscription]) -> Vec<(String, &'static str, usize)> {
        let found = findings(subscriptions).into_iter();
        found.map(|finding| (finding.path, finding.problem.as_str(), finding.events.len())).collect()
    }

    #[test]
    fn a_hook_that_tells_of_everything_is_well_wherever_it_stands_in_the_list() {
        let list = [
            subscription("https://other.example/hook", true, &["add_lead"]),
            subscription("https://x.example/api/amocrm/sales-webhook?key=k", false, &NEEDED),
        ];
        assert_eq!(problems(&list), []);
        assert!(told(&list).added && told(&list).deleted);
    }

    #[test]
    fn what_is_off_missing_or_incomplete_is_named_with_what_to_do() {
        let sales = path(Route::Sales).to_owned();
        assert_eq!(problems(&[]), [(sales.clone(), "missing", 5)]);
        let partial = [subscription(
            "https://x.example/api/amocrm/sales-webhook?key=k",
            false,
            &["status_lead", "add_lead"],
        )];
        assert_eq!(problems(&partial), [(sales.clone(), "incomplete", 3)]);
        let off = [
            subscription("https://x.example/api/amocrm/sales-webhook?key=k", true, &NEEDED),
            subscription("https://x.example/webhook/amocrm/traffic?key=k", true, &["status_lead"]),
        ];
        assert_eq!(
            problems(&off),
            [(sales, "disabled", 5), (path(Route::Traffic).to_owned(), "disabled", 1)]
        );
        assert!(!told(&off).moved, "what is switched off tells of nothing");
        assert!(findings(&off).iter().all(|finding| !finding.what_to_do.contains("key=k")));
    }
}
