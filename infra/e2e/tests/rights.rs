//! What is left when all other tests are done: rights that nobody used, differences in the ledger, traces in the logs.
//!
//! A binary of its own, because cargo runs `it` before `rights`. It looks back on what `it` did and does nothing itself.
//! What begins with `every_` is true of all stacks together, where the tests ran on more than one; the rest of each.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use std::collections::{BTreeSet, HashSet};

use chrono::{Days, NaiveDate};
use e2e::env::env;
use e2e::hook::PERSON;
use e2e::record::{Call, Record};
use e2e::template::Template;
use e2e::{aws, clock, crm, leads, logs, rebuild};

/// Cognito asks for no IAM permission where the caller's own password or token stands for it.
const WITHOUT_IAM: [&str; 3] =
    ["cognito-idp:InitiateAuth", "cognito-idp:GlobalSignOut", "cognito-idp:GetUser"];

/// All that may become of a pull.
const PULLING: [&str; 13] = [
    "graph_calls",
    "graph_failed",
    "graph_too_much",
    "graph_throttled",
    "graph_token_dead",
    "graph_forbidden",
    "graph_refused",
    "graph_report_lost",
    "graph_pause_seconds",
    "spend_rows",
    "accounts_pulled",
    "accounts_postponed",
    "accounts_parked",
];

/// All that may become of a lead on its way to amoCRM.
const TELLING_AMOCRM: [&str; 7] = [
    "leads_written",
    "leads_put_off",
    "leads_failed",
    "amocrm_calls",
    "amocrm_failed",
    "amocrm_throttled",
    "amocrm_refusals",
];

/// All that may become of a message.
const SENDING: [&str; 8] = [
    "telegram_sent",
    "telegram_failed",
    "telegram_later",
    "sms_sent",
    "sms_failed",
    "sms_later",
    "email_sent",
    "email_later",
];

/// All that may become of a poll of amoCRM.
const POLLING: [&str; 7] = [
    "polls",
    "polls_failed",
    "deals_read",
    "healed",
    "reconciliation_red",
    "amocrm_calls",
    "amocrm_refusals",
];

#[tokio::test]
async fn every_right_in_the_template_was_used_and_none_besides() {
    let granted = Template::read().grants();
    assert!(granted.len() > 20, "{granted:?}");
    let called = Record::of_all().await.calls.into_iter();
    let used: BTreeSet<Call> =
        called.filter(|(_, action, _)| !WITHOUT_IAM.contains(&action.as_str())).collect();
    let unused: Vec<&Call> = granted.difference(&used).collect();
    assert!(unused.is_empty(), "granted and never used: {unused:#?}");
    let ungranted: Vec<&Call> = used.difference(&granted).collect();
    assert!(ungranted.is_empty(), "used and never granted: {ungranted:#?}");
}

#[tokio::test]
async fn every_function_was_called_by_its_own_name() {
    let called: BTreeSet<String> =
        Record::of_all().await.calls.into_iter().map(|(function, _, _)| function).collect();
    let known = Template::read().function_names();
    let strangers: Vec<&String> = called.difference(&known).collect();
    assert!(strangers.is_empty(), "calls of {strangers:?}, which the template does not know");
}

#[tokio::test]
async fn after_all_histories_the_ledger_and_the_counters_agree_day_by_day() {
    let today = clock::now().date_naive();
    // A hook may name any time since the year 2000; the day after today has begun in Almaty.
    let mut from = NaiveDate::from_ymd_opt(2000, 1, 1).unwrap();
    let mut sales = 0;
    while from <= today {
        let to = from + Days::new(399);
        sales += rebuild::assert_no_difference(from, to).await;
        from = to + Days::new(1);
    }
    assert!(sales > 100, "only {sales} sales: are all other tests done?");
}

/// What stands in the logs and never may: of each, a name for it and a text.
async fn forbidden() -> Vec<(String, String)> {
    let mut forbidden: Vec<(String, String)> =
        env().secrets().into_iter().map(|secret| ("a secret".to_owned(), secret.to_owned())).collect();
    let (name, phone) = PERSON.split_once(" +").unwrap();
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    for text in [name, phone, &digits, name.split(' ').next().unwrap()] {
        forbidden.push(("a person's name or phone".to_owned(), text.to_owned()));
    }
    // Every test person is of this domain, as are the demo's logins; every token begins so.
    for (what, text) in
        [("an e-mail", "@demo.local"), ("a token", "eyJ"), ("a body", "leads%5B"), ("a body", "leads[")]
    {
        forbidden.push((what.to_owned(), text.to_owned()));
    }
    // The passwords that tests make up.
    forbidden.push(("a password".to_owned(), "Aa1".to_owned()));
    forbidden.push(("an address".to_owned(), "127.0.0.1".to_owned()));
    let facebook = aws::secret(env().get("SECRET_FACEBOOK")).await;
    for (what, name) in [("Facebook's token", "access_token"), ("Facebook's app secret", "app_secret")] {
        let value = facebook[name].as_str().expect("a text");
        assert!(value.len() > 20, "{what} is too short to be looked for");
        forbidden.push((what.to_owned(), value.to_owned()));
    }
    for (what, secret, name) in [
        ("amoCRM's token", "SECRET_AMOCRM", "access_token"),
        ("Telegram's token", "SECRET_TELEGRAM", "bot_token"),
        ("Mobizon's key", "SECRET_SMS", "api_key"),
        ("OpenAI's key", "SECRET_OPENAI", "api_key"),
    ] {
        let secret = aws::secret(env().get(secret)).await;
        let value = secret[name].as_str().expect("a text");
        assert!(value.len() > 20, "{what} is too short to be looked for");
        forbidden.push((what.to_owned(), value.to_owned()));
    }
    // Every token and key that tests make up.
    forbidden.push(("a made-up token".to_owned(), crm::MADE_UP.to_owned()));
    for text in ["/sendMessage", "apiKey", "query="] {
        forbidden.push(("the address of a call".to_owned(), text.to_owned()));
    }
    // A call's parameters, and the address of a next page, which repeats them.
    for text in ["access_token", "appsecret_proof", "time_range=", "paging", "graph.facebook.com", "after="] {
        forbidden.push(("a call to Facebook".to_owned(), text.to_owned()));
    }
    forbidden
}

/// The last ten digits of every phone that a lead has.
async fn phones() -> HashSet<String> {
    let leads = leads::all().await;
    let phones = leads.iter().map(|lead| lead["phone"].as_str().expect("a phone"));
    let phones: HashSet<String> = phones.map(|phone| phone[phone.len() - 10..].to_owned()).collect();
    assert!(!phones.is_empty(), "no people: are all other tests done?");
    phones
}

/// The numbers of a line that are as long as phones, by their last ten digits.
fn numbers(line: &str) -> impl Iterator<Item = &str> {
    let runs = line.split(|c: char| !c.is_ascii_digit());
    runs.filter(|run| (10..=12).contains(&run.len())).map(|run| &run[run.len() - 10..])
}

#[tokio::test]
async fn no_log_holds_a_secret_a_person_or_a_body() {
    let (forbidden, phones) = (forbidden().await, phones().await);
    for function in Template::read().function_names() {
        for line in &logs::of(&function).await {
            for (what, text) in &forbidden {
                assert!(!line.contains(text), "{function} logs {what}: {}", line.replace(text, "…"));
            }
            if let Some(phone) = numbers(line).find(|number| phones.contains(*number)) {
                panic!("{function} logs a phone: {}", line.replace(phone, "…"));
            }
        }
    }
}

#[tokio::test]
async fn every_function_counts_its_work_and_rejected_keys_are_counted() {
    let record = Record::of_all().await;
    for function in Template::read().function_names() {
        assert!(record.lines.get(&function) > Some(&0), "{function} logged nothing: was it called at all?");
        let sum = |name: &str| record.metrics[&function].get(name).copied().unwrap_or_default();
        // What they are for, where they answer no requests.
        let own: &[&str] = match function.as_str() {
            "hook-retry" | "rebuild" | "exchange-rates" | "lead-import" => continue,
            // They say what they come to in their statistics.
            "landing-database" | "tripwire-database" | "proftest-database" => continue,
            "facebook-pull" => &PULLING,
            "amocrm-writer" => &TELLING_AMOCRM,
            "notification-sender" => &SENDING,
            "outbox-sweeper" => &["notifications_swept", "leads_swept"],
            "pipeline-check" => &["pipeline_findings", "amocrm_calls"],
            "diagnostics-run" => &["checks_ok", "checks_warning", "checks_error"],
            "token-check" => &["tokens_good", "tokens_bad", "tokens_unasked"],
            "alert-check" => &["incidents_opened", "incidents_ended", "alerts_told"],
            "amocrm-poll" => &POLLING,
            "backfill" => &["polls", "deals_read", "amocrm_calls"],
            "landing-proftest" | "landing-submit" => {
                &["requests", "forms_stored", "forms_over_limit", "forms_repeated", "forms_rejected"]
            }
            "attribution-mover" => &["deals_moved", "leads_moved"],
            "facebook-plan" => &["spend_age_seconds"],
            "facebook-discover" => &["graph_calls", "graph_failed"],
            "utm-check" => {
                &["utm_ads", "utm_findings", "utm_accounts_unchecked", "graph_calls", "graph_failed"]
            }
            "facebook-refresh-run" => &["graph_calls", "graph_failed", "graph_token_dead", "graph_forbidden"],
            _ => &["requests"],
        };
        for name in own {
            assert!(sum(name) > 0, "{function} counts no {name}");
        }
        if function.starts_with("amocrm-") && !["amocrm-writer", "amocrm-poll"].contains(&function.as_str()) {
            for name in [
                "hooks_rejected",
                "events_recorded",
                "events_updated",
                "events_duplicate",
                "events_ignored",
                "events_queued",
            ] {
                assert!(sum(name) > 0, "{function} counts no {name}");
            }
        }
    }
}
