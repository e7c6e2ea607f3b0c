//! Who may see what, for every private route that `template.yaml` names.

use e2e::env::env;
use e2e::hook::fresh_id;
use e2e::template::{Route as Address, Template};
use e2e::{Caller, Deal, Hook, Route, Stack, clock, days, figures, tokens};
use serde_json::{Value, json};

/// The routes that take `team`.
const BY_TEAM: [&str; 5] = [
    "/api/traffic-dashboard/funnel",
    "/api/traffic-dashboard/sales/total",
    "/api/traffic-dashboard/sales",
    "/api/traffic-dashboard/leads/total",
    "/api/traffic-dashboard/leads/by-funnel",
];

const CAMPAIGNS: [(&str, &str); 4] = [
    ("kenesary", "nutcab_video3"),
    ("arystan", "kz_ar_video_1"),
    ("muha", "onai2_reels"),
    ("traf4", "alex_broad_kz"),
];

fn private() -> Vec<Address> {
    let routes: Vec<Address> =
        Template::read().routes().into_iter().filter(|route| !route.is_public).collect();
    assert!(routes.len() >= 6, "{routes:?}");
    routes
}

async fn ask(stack: &Stack, route: &Address, caller: &Caller) -> e2e::Answer {
    let body = (route.method == "POST").then(|| ("application/json", b"{}".to_vec()));
    stack.send(&route.method, &route.filled(), caller, body).await
}

async fn sell(stack: &Stack, day: days::Day) -> Vec<(&'static str, String)> {
    let mut sales = vec![];
    for (team, campaign) in CAMPAIGNS.into_iter().chain([("", "fast_start")]) {
        let deal = Deal::new();
        let hook = Hook::won(Route::Traffic, deal, day.noon()).campaign(campaign);
        assert_eq!(stack.hook(&hook).await.outcome(), "recorded");
        sales.push((team, deal.sale("flagship")));
    }
    sales
}

#[tokio::test]
async fn without_a_token_every_private_route_is_closed() {
    let stack = Stack::open().await;
    for route in private() {
        ask(&stack, &route, &Caller::Nobody).await.refused_by_gateway(401, "Unauthorized");
        for token in ["", "x", "a.b.c", "null"] {
            let answer = ask(&stack, &route, &Caller::Token(token.to_owned())).await;
            answer.refused_by_gateway(401, "Unauthorized");
        }
    }
}

#[tokio::test]
async fn a_forged_token_opens_no_private_route() {
    let stack = Stack::open().await;
    let real = Caller::Buyer("muha").token(&stack).await.unwrap();
    let kid = &tokens::header(&real)["kid"];
    let mut claims = tokens::claims(&real);
    claims["cognito:groups"] = json!(["admin"]);
    let strange = |name: &str, value: Value| {
        let mut claims = claims.clone();
        claims[name] = value;
        tokens::signed(&claims, kid, "access")
    };
    let forged = [
        ("other claims under the old signature", tokens::tampered(&real, &claims)),
        ("no signature", tokens::unsigned(&claims, kid)),
        ("a shared secret", tokens::with_secret(&claims, kid, b"secret")),
        ("the key's name as a secret", tokens::with_secret(&claims, kid, kid.as_str().unwrap().as_bytes())),
        ("another key", tokens::signed(&claims, kid, "id")),
        ("a key that nobody knows", tokens::signed(&claims, &json!("unknown"), "access")),
        (
            "another pool's issuer",
            strange("iss", json!("https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_other")),
        ),
        ("another client", strange("client_id", json!("another"))),
    ];
    for route in private() {
        for (what, token) in &forged {
            let answer = ask(&stack, &route, &Caller::Token(token.clone())).await;
            assert_eq!(answer.status, 401, "{what} at {} {}", route.method, route.path);
            answer.refused_by_gateway(401, "Unauthorized");
        }
    }
}

#[tokio::test]
async fn an_expired_token_opens_no_private_route() {
    let stack = Stack::open().await;
    let real = Caller::Admin.token(&stack).await.unwrap();
    let kid = &tokens::header(&real)["kid"];
    let now = clock::now().timestamp();
    let token = |expires_at: i64| {
        let mut claims = tokens::claims(&real);
        for (name, value) in [("iat", now - 7_200), ("auth_time", now - 7_200), ("exp", expires_at)] {
            claims[name] = value.into();
        }
        Caller::Token(tokens::signed(&claims, kid, "access"))
    };
    // But for its end it is a token like any other.
    stack.get(&token(now + 600), "/api/traffic-dashboard/funnel").await.ok();
    for route in private() {
        for expires_at in [now - 1, now - 3_600] {
            ask(&stack, &route, &token(expires_at)).await.refused_by_gateway(401, "Unauthorized");
        }
    }
}

#[tokio::test]
async fn a_token_is_no_key_to_the_webhooks() {
    let stack = Stack::open().await;
    for route in Route::ALL {
        let hook = Hook::won(route, Deal::new(), 1_300_000_000);
        let form = Some(("application/x-www-form-urlencoded", hook.body()));
        stack.send("POST", route.path(), &Caller::Admin, form).await.refused(401, "unauthorized");
    }
}

#[tokio::test]
async fn a_buyer_who_asks_for_another_team_or_for_none_that_exists_is_refused() {
    let stack = Stack::open().await;
    for path in BY_TEAM {
        for team in
            ["arystan", "kenesary", "traf4", "nobody", "unattributed", "MUHA", "muha,arystan", "%20", "admin"]
        {
            let answer = stack.get(&Caller::Buyer("muha"), &format!("{path}?team={team}")).await;
            answer.refused(403, "forbidden");
        }
        // Two teams in one question: nothing of the other one is told.
        let both = stack.get(&Caller::Buyer("muha"), &format!("{path}?team=muha&team=arystan")).await;
        assert!(both.status == 403 || !both.text().contains("arystan"), "{path}: {}", both.shown());
        stack.get(&Caller::Buyer("muha"), &format!("{path}?team=muha")).await.ok();
    }
}

#[tokio::test]
async fn a_buyer_sees_the_own_team_and_nothing_of_anyone_else() {
    let stack = Stack::open().await;
    let day = days::fresh(&stack, 1).await;
    sell(&stack, day).await;
    let period = format!("from={day}&to={day}");
    for (team, _) in CAMPAIGNS {
        assert!(env().teams().contains(&team.to_owned()));
        let caller = Caller::Buyer(team);
        for path in BY_TEAM {
            let text = stack.get(&caller, &format!("{path}?{period}")).await.text();
            for (other, _) in
                CAMPAIGNS.into_iter().chain([("unattributed", "")]).filter(|(other, _)| *other != team)
            {
                assert!(!text.contains(&format!("\"{other}\"")), "{team} sees {other} at {path}: {text}");
            }
        }
        let funnel = stack.get(&caller, &format!("{}?{period}", BY_TEAM[0])).await.ok();
        assert_eq!(funnel["teams"].as_array().unwrap().len(), 1);
        assert_eq!(funnel["stages"], funnel["teams"][0]["stages"], "the whole is the own team");
        assert_eq!(funnel["stages"][3]["metrics"]["main_purchases"], 1);
        let total = stack.get(&caller, &format!("{}?{period}", BY_TEAM[1])).await.ok();
        assert_eq!((&total["count"], total["by_team"].as_array().unwrap().len()), (&1.into(), 1));
        let rows = figures::rows(&stack, &caller, &period, 50).await;
        assert_eq!((rows.len(), &rows[0]["team"]), (1, &team.into()));
        let file = stack.get(&caller, &format!("{}?{period}&format=csv", BY_TEAM[2])).await;
        assert_eq!(file.text().lines().count(), 2);
    }
}

#[tokio::test]
async fn another_teams_sale_is_not_shown_to_a_buyer() {
    let stack = Stack::open().await;
    let day = days::fresh(&stack, 1).await;
    for (owner, id) in sell(&stack, day).await {
        let path = format!("/api/traffic-dashboard/sales/{id}");
        for (team, _) in CAMPAIGNS {
            let answer = stack.get(&Caller::Buyer(team), &path).await;
            if team == owner {
                assert_eq!(answer.ok()["sale"]["team"], team);
            } else {
                answer.refused(403, "forbidden");
            }
        }
        assert_eq!(stack.get(&Caller::Admin, &path).await.ok()["sale"]["sale_id"], id);
    }
}

#[tokio::test]
async fn what_does_not_exist_is_not_found_by_the_admin() {
    let stack = Stack::open().await;
    for path in BY_TEAM {
        for team in ["nobody", "unattributed", "Muha", "muha%20", "team-muha"] {
            stack.get(&Caller::Admin, &format!("{path}?team={team}")).await.refused(404, "not_found");
        }
    }
    let account = Deal::new().account;
    for id in [
        format!("{account}-{}-express", fresh_id()),
        format!("{account}-{}", fresh_id()),
        "1".to_owned(),
        "x-y-z".to_owned(),
        "1-1-express-1".to_owned(),
        "99999999999999999999999-1-express".to_owned(),
        "%2e%2e".to_owned(),
        "1-1-%D1%8D%D0%BA%D1%81%D0%BF%D1%80%D0%B5%D1%81%D1%81".to_owned(),
    ] {
        stack.sale(&id).await.refused(404, "not_found");
    }
}

#[tokio::test]
async fn the_admin_is_told_to_be_one() {
    let stack = Stack::open().await;
    let me = stack.get(&Caller::Admin, "/api/auth/me").await.ok();
    assert_eq!(
        (&me["user"]["role"], &me["user"]["email"]),
        (&"admin".into(), &env().get("ADMIN_EMAIL").into())
    );
    let teams: Vec<&str> =
        me["user"]["teams"].as_array().unwrap().iter().map(|team| team["id"].as_str().unwrap()).collect();
    assert_eq!(teams, CAMPAIGNS.map(|(team, _)| team));
}
