use proptest::prelude::*;
use serde_json::json;

use super::*;

fn fields(value: Value) -> Fields {
    serde_json::from_value(value).unwrap()
}

fn wrong(neighbour: Neighbour, kept: Value, given: Value) -> Vec<String> {
    let wrong = neighbour.merged(&fields(kept), &fields(given)).unwrap_err();
    wrong.into_iter().map(|wrong| format!("{} {}", wrong.field, wrong.problem)).collect()
}

#[test]
fn a_part_is_laid_over_what_is_kept() {
    let kept = json!({"access_token": "a-1", "app_id": "22", "app_secret": "s-1", "of_an_old_version": 1});
    let merged =
        Neighbour::Facebook.merged(&fields(kept.clone()), &fields(json!({"access_token": " a-2\n"})));
    let mut expected = kept;
    expected["access_token"] = json!("a-2");
    assert_eq!(merged, Ok(fields(expected)));
    let merged = Neighbour::Amocrm.merged(
        &fields(json!({"access_token": "a", "refresh_token": "r"})),
        &fields(json!({"access_token": "b", "refresh_token": null})),
    );
    assert_eq!(merged, Ok(fields(json!({"access_token": "b"}))));
    let chat =
        Neighbour::Telegram.merged(&Fields::new(), &fields(json!({"bot_token": "7:A", "chat_id": -100})));
    assert_eq!(chat, Ok(fields(json!({"bot_token": "7:A", "chat_id": "-100"}))));
}

#[test]
fn what_is_wrong_is_named_by_its_field() {
    let none = || json!({});
    assert_eq!(wrong(Neighbour::Sms, none(), json!({"from": "School"})), ["api_key is missing"]);
    assert_eq!(
        wrong(Neighbour::Openai, json!({"api_key": "k"}), none()),
        ["body must have one or more of: api_key"]
    );
    assert_eq!(
        wrong(Neighbour::Telegram, none(), json!({"bot_token": ["x"], "chat": 1})),
        ["bot_token must be a text", "chat must be one of: bot_token, chat_id", "chat_id is missing"]
    );
    for (value, problem) in [
        (json!(" "), "must not be empty; null takes it out"),
        (json!("a\nb"), "must be one line"),
        (json!("x".repeat(8_001)), "is too long"),
        (json!(true), "must be a text"),
    ] {
        assert_eq!(
            wrong(Neighbour::Openai, none(), json!({ "api_key": value })),
            [format!("api_key {problem}")]
        );
    }
    assert_eq!(
        wrong(Neighbour::Openai, json!({"api_key": "k"}), json!({"api_key": null})),
        ["api_key is missing"]
    );
    let emptied = wrong(Neighbour::Supabase, json!({"landing_key": "k"}), json!({"landing_key": null}));
    assert_eq!(emptied, ["body would leave nothing"]);
}

#[test]
fn amocrms_tokens_are_of_one_pair_or_one_is_long_lived() {
    let oauth = || json!({"access_token": "a", "refresh_token": "r", "client_id": "c", "client_secret": "s", "redirect_uri": "u"});
    let fields_of = |wrong: Vec<String>| -> Vec<String> {
        wrong.iter().filter_map(|wrong| Some(wrong.split(' ').next()?.to_owned())).collect()
    };
    let alone = wrong(Neighbour::Amocrm, oauth(), json!({"access_token": "b"}));
    assert!(
        alone.len() == 1 && alone[0].starts_with("refresh_token belongs to the access token before"),
        "{alone:?}"
    );
    let merged = |kept: Value, given: Value| Neighbour::Amocrm.merged(&fields(kept), &fields(given));
    for given in [
        json!({"access_token": "b", "refresh_token": null}),
        json!({"access_token": "b", "refresh_token": "r-2"}),
        json!({"client_secret": "s-2"}),
    ] {
        assert!(merged(oauth(), given.clone()).is_ok(), "{given}");
    }
    assert!(merged(json!({"access_token": "a"}), json!({"access_token": "b"})).is_ok());
    let half = wrong(
        Neighbour::Amocrm,
        json!({"access_token": "a"}),
        json!({"refresh_token": "r", "client_id": "c"}),
    );
    assert_eq!(fields_of(half), ["client_secret", "redirect_uri"]);
}

#[test]
fn what_only_new_tokens_can_try_is_known() {
    let by = |neighbour: Neighbour, given: Value| neighbour.renews_by(&fields(given));
    assert_eq!(by(Neighbour::Amocrm, json!({"access_token": "a"})), None);
    assert_eq!(by(Neighbour::Amocrm, json!({"access_token": "a", "refresh_token": null})), None);
    assert_eq!(
        by(Neighbour::Amocrm, json!({"client_secret": "s", "redirect_uri": "u"})),
        Some("client_secret")
    );
    assert_eq!(by(Neighbour::Amocrm, json!({"client_id": "c", "refresh_token": "r"})), Some("refresh_token"));
    assert_eq!(by(Neighbour::Facebook, json!({"refresh_token": "r"})), None);
}

#[test]
fn of_a_long_value_the_last_four_characters_are_shown_and_of_a_short_one_none() {
    let kept = fields(json!({"access_token": "0123456789ab", "app_id": "22000000001", "app_secret": ""}));
    let shown = serde_json::to_value(Neighbour::Facebook.shown(&kept)).unwrap();
    let expected = json!([
        {"name": "access_token", "is_set": true, "last_four": "89ab"},
        {"name": "app_id", "is_set": true, "last_four": null},
        {"name": "app_secret", "is_set": false, "last_four": null},
    ]);
    assert_eq!(shown, expected);
    assert_eq!(Neighbour::Facebook.traced(&kept), json!({"access_token": "89ab", "app_id": null}));
}

#[test]
fn a_refusal_is_blamed_on_what_was_given() {
    let blamed = |given: Value| Neighbour::Facebook.blamed(&fields(given));
    assert_eq!(blamed(json!({"app_secret": "s"})), "app_secret");
    assert_eq!(blamed(json!({"app_secret": "s", "app_id": "1"})), "access_token");
    assert_eq!(blamed(json!({"app_secret": "s", "access_token": null})), "app_secret");
    assert_eq!(blamed(json!({"app_secret": null})), "access_token");
}

#[test]
fn a_neighbour_is_found_by_its_name() {
    for neighbour in Neighbour::ALL {
        assert_eq!(Neighbour::named(neighbour.as_str()), Some(neighbour));
    }
    assert_eq!(Neighbour::named("Facebook"), None);
}

proptest! {
    #[test]
    fn nothing_shown_or_traced_holds_more_than_four_characters_of_a_secret(secret in "[!-~]{5,60}") {
        let kept = fields(json!({ "api_key": secret }));
        let told = format!("{:?} {}", Neighbour::Openai.shown(&kept), Neighbour::Openai.traced(&kept));
        let last = last_four(&secret).unwrap_or_default();
        prop_assert!(last.chars().count() <= 4);
        // Five characters in a row of it stand nowhere but by chance in our own words.
        prop_assert!(secret.len() < 20 || !told.contains(&secret[..20]));
    }
}
