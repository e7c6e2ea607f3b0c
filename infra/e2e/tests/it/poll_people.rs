//! Whose a sale is that says nothing itself: its people are looked for among our leads. And hooks that say only ids.

use e2e::crm::PIPELINE;
use e2e::days::Day;
use e2e::dealing::NEW;
use e2e::hook::WON;
use e2e::{Crm, Deal, Form, Guest, Hook, Route, poll};
use serde_json::{Value, json};

fn deal(lead: u64) -> Deal {
    Deal { account: poll::ACCOUNT, lead }
}

/// A deal of somebody with this phone, won without a word of where they came from.
async fn win(crm: &Crm, day: Day, n: u64, phone: &str) -> Deal {
    let (contact, id) = (crm.id(n), crm.id(n + 1));
    crm.add(&json!({
        "contacts": [{"id": contact, "name": "By Hand", "values": {"PHONE": phone}}],
        "leads": [{"id": id, "price": 5_000, "pipeline_id": PIPELINE, "status_id": WON, "contacts": [contact],
            "created_at": day.at(5, 0, 0), "updated_at": day.at(6, 0, 0)}],
    }))
    .await;
    deal(id)
}

async fn sale(crm: &Crm, deal: Deal) -> Value {
    crm.stack.sale(&deal.sale("express")).await.ok()["sale"].take()
}

#[tokio::test]
async fn a_sale_that_says_nothing_is_the_teams_whose_form_its_person_once_filled_in() {
    let crm = Crm::open().await;
    let day = poll::begin(&crm, 1).await;
    let (known, unknown) = (Guest::new(), Guest::new());
    // The form became a deal of its own long ago; this one was made by hand.
    let form = Form::proftest(&known).with("slug", "proftest_arystan").taken(&crm.stack).await;
    crm.until_written(&form).await;
    // Written as people of the country write it.
    let of_known = win(&crm, day, 1, &known.spellings()[2]).await;
    let of_unknown = win(&crm, day, 11, &unknown.phone()).await;
    poll::look_back_to(day.at(0, 0, 0)).await;
    let polled = poll::good().await;
    assert_eq!(polled["linked"], 1, "{polled}");
    let sale = async |deal| sale(&crm, deal).await;
    let (theirs, nobodys) = (sale(of_known).await, sale(of_unknown).await);
    assert_eq!(
        (&theirs["team"], &theirs["trail"]["source"]),
        (&json!("arystan"), &json!("landing_lead")),
        "{theirs}"
    );
    assert_eq!(
        (&nobodys["team"], &nobodys["trail"]["reason"]),
        (&Value::Null, &json!("no_lead")),
        "{nobodys}"
    );
    // Whoever was looked for in vain is not looked for again.
    crm.forget_asked().await;
    poll::look_back_to(day.at(0, 0, 0)).await;
    assert_eq!(poll::good().await["linked"], 0);
    assert_eq!(crm.asked().await.count_at("contacts"), 0);
    crm.end().await;
}

#[tokio::test]
async fn a_deal_that_only_amocrm_shows_is_looked_up_by_the_ad_that_it_names() {
    let crm = Crm::open().await;
    let day = poll::begin(&crm, 1).await;
    let nobodys_ad = fastrand::u64(100_000_000_000_000..900_000_000_000_000).to_string();
    let (of_account, of_ad) = (crm.id(1), crm.id(2));
    let won = |id: u64, content: &str| {
        json!({"id": id, "price": 5_000, "pipeline_id": PIPELINE, "status_id": WON, "created_at": day.at(5, 0, 0),
            "updated_at": day.at(6, 0, 0), "values": {"UTM_CONTENT": content}})
    };
    crm.add(&json!({"leads": [won(of_account, "act_666059476005255"), won(of_ad, &nobodys_ad)]})).await;
    poll::look_back_to(day.at(0, 0, 0)).await;
    poll::good().await;
    let theirs = sale(&crm, deal(of_account)).await;
    assert_eq!((&theirs["team"], &theirs["trail"]["source"]), (&json!("arystan"), &json!("ad")), "{theirs}");
    let nobodys = sale(&crm, deal(of_ad)).await;
    assert_eq!(
        (&nobodys["team"], &nobodys["trail"]["reason"], &nobodys["trail"]["value"]),
        (&Value::Null, &json!("unknown_utm"), &json!(nobodys_ad)),
        "an id that no ad has which we know: {nobodys}"
    );
    crm.end().await;
}

#[tokio::test]
async fn a_hook_of_ids_alone_is_verified_with_its_price_and_campaign_and_many_hooks_cost_one_reading() {
    let crm = Crm::open().await;
    let day = poll::begin(&crm, 1).await;
    let id = crm.id(1);
    crm.add(&json!({"leads": [{"id": id, "price": 4_500, "pipeline_id": PIPELINE, "status_id": NEW,
        "created_at": day.at(5, 0, 0), "updated_at": day.at(6, 0, 0), "values": {"UTM_CAMPAIGN": "kz_ar_video"}}]}))
        .await;
    let hook = Hook::digital(Route::Funnel, deal(id));
    assert_eq!(crm.stack.hook(&hook).await.outcome(), "recorded");
    let told = sale(&crm, deal(id)).await;
    assert_eq!(
        (&told["verified"], &told["team"], &told["amount_source"]),
        (&json!(false), &Value::Null, &json!("list_price"))
    );
    for stage in [87_654_325_u64, 87_654_329, WON] {
        let hook = Hook::digital(Route::Funnel, deal(id)).stage(stage);
        crm.stack.hook(&hook).await.ok();
    }
    // What may be the id of an ad is looked up, as for a hook.
    crm.add(&json!({"leads": [{"id": id + 1, "price": 4_500, "pipeline_id": PIPELINE, "status_id": NEW,
        "created_at": day.at(5, 0, 0), "updated_at": day.at(6, 0, 0), "values": {"UTM_CAMPAIGN": "238400000000000001"}}]}))
        .await;
    crm.forget_asked().await;
    let polled = poll::good().await;
    assert!(polled["asked_again"].as_u64() >= Some(1), "{polled}");
    let read = sale(&crm, deal(id)).await;
    let amount = json!({"amount": 4_500, "currency": "KZT"});
    assert_eq!(
        (&read["verified"], &read["team"], &read["amount"], &read["amount_source"]),
        (&json!(true), &json!("arystan"), &amount, &json!("crm")),
        "{read}"
    );
    // Four hooks cost one reading to hear them out, and the comparing with amoCRM one of its own.
    assert_eq!(poll::readings(&crm, id).await, 2);
    crm.end().await;
}
