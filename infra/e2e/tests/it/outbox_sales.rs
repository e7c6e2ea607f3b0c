//! The school's chat reads of every recorded sale, once, exactly as it was written.

use e2e::hook::PERSON;
use e2e::messengers::chat_about;
use e2e::{Deal, Hook, Route, Stack, days, outbox};

/// As much as Telegram takes, in its own units.
const LONGEST: usize = 4_096;

async fn told(stack: &Stack, hook: &Hook, deal: Deal) -> String {
    assert_eq!(stack.hook(hook).await.outcome(), "recorded");
    let id = outbox::of_sale(stack, deal, hook.route.product()).await;
    outbox::until(&id, "sent").await;
    let messages = chat_about(&deal.lead.to_string()).await;
    assert_eq!(messages.len(), 1, "{messages:?}");
    messages[0]["text"].as_str().expect("a text").to_owned()
}

#[tokio::test]
async fn a_recorded_sale_is_told_with_its_team_its_product_its_amount_and_its_deal() {
    let stack = Stack::open().await;
    let (deal, day) = (Deal::new(), days::fresh(&stack, 1).await);
    let hook = Hook::won(Route::Traffic, deal, day.noon()).campaign("onai2_reels").price(455_000);
    let text = told(&stack, &hook, deal).await;
    for part in ["Muha", "Flagman", "455 000 ₸", "onai2_reels", PERSON, &deal.lead.to_string()] {
        assert!(text.contains(part), "no {part} in {text}");
    }
    assert!(!text.contains('{') && !text.contains('\\'), "{text}");
}

#[tokio::test]
async fn a_sale_of_nobody_is_told_too() {
    let stack = Stack::open().await;
    let (deal, day) = (Deal::new(), days::fresh(&stack, 1).await);
    let text = told(&stack, &Hook::won(Route::Funnel, deal, day.noon()), deal).await;
    assert!(text.contains("5 000 ₸") && text.contains("fast_start"), "{text}");
}

#[tokio::test]
async fn what_happens_to_a_sale_later_is_no_second_message() {
    let stack = Stack::open().await;
    let (deal, day) = (Deal::new(), days::fresh(&stack, 1).await);
    let hook = Hook::won(Route::Sales, deal, day.noon());
    assert_eq!(stack.hook(&hook).await.outcome(), "recorded");
    assert_eq!(stack.hook(&hook).await.outcome(), "duplicate");
    assert_eq!(stack.hook(&hook.clone().at(day.noon() + 60).price(480_000)).await.outcome(), "updated");
    assert_eq!(stack.hook(&Hook::lost(Route::Sales, deal, day.noon() + 120)).await.outcome(), "updated");
    // It fails where there is more than one.
    let id = outbox::of_sale(&stack, deal, "flagship").await;
    outbox::until(&id, "sent").await;
    assert_eq!(chat_about(&deal.lead.to_string()).await.len(), 1);
}

#[tokio::test]
async fn signs_that_mean_something_to_telegram_read_as_they_were_written() {
    let stack = Stack::open().await;
    let day = days::fresh(&stack, 1).await;
    let names = [
        r"_*[]()~`>#+-=|{}.!\",
        r"\\_a_ *b* [c](https://d.example) ~e~ ||f|| `g` ```h``` > i",
        r"{amount} {unknown} {{name}}",
        "👩‍👩‍👧 Құралай 😀_😀",
        r"_",
        r"ends with \",
    ];
    for (n, name) in names.into_iter().enumerate() {
        let deal = Deal::new();
        let at = day.noon() + i64::try_from(n).unwrap();
        let hook = Hook::won(Route::Traffic, deal, at).with("[name]", name).campaign(r"muha_[1]*_(x)");
        let text = told(&stack, &hook, deal).await;
        assert!(text.contains(name), "{name:?} reads as {text}");
        assert!(text.contains(r"muha_[1]*_(x)"), "{text}");
    }
}

#[tokio::test]
async fn a_name_of_ten_thousand_characters_is_shortened_and_the_rest_still_stands() {
    let stack = Stack::open().await;
    let day = days::fresh(&stack, 1).await;
    for (n, sign) in ["x", "_", "😀", "\\", "ә."].into_iter().enumerate() {
        let deal = Deal::new();
        let name = format!("Начало {}", sign.repeat(10_000));
        let at = day.noon() + i64::try_from(n).unwrap();
        let text = told(&stack, &Hook::won(Route::Traffic, deal, at).with("[name]", &name), deal).await;
        assert!(text.encode_utf16().count() <= LONGEST);
        assert!(text.contains(&format!("Начало {}", sign.repeat(100))), "{text:.200}");
        assert!(text.contains("490 000 ₸"), "{text:.200}");
    }
}
