use super::super::sample::sold;
use super::*;

fn found(sales: &[Sale], deals: &[Deal], is_all: bool) -> Vec<(String, &'static str)> {
    let differences = sale_differences(sales, deals, &Rulebook::default(), is_all);
    differences.into_iter().map(|difference| (difference.deal, difference.problem)).collect()
}

const DEAL: &str = "29600001-7";

#[test]
fn sales_that_follow_from_their_deals_do_not_differ() {
    let deals = [sold(7), sold(8)];
    let sales: Vec<Sale> = deals.iter().flat_map(|deal| deal.sales.clone()).collect();
    for is_all in [false, true] {
        assert_eq!(found(&sales, &deals, is_all), []);
    }
    assert_eq!(found(&[], &[sold(7)], false), [], "its sale may be of another day");
}

#[test]
fn each_way_to_be_wrong_has_its_own_words() {
    let deal = sold(7);
    let right = deal.sales[0].clone();
    let changed = Sale { amount: Tenge(1), ..right.clone() };
    let filed = Deal { sales: vec![changed.clone()], ..deal.clone() };
    let of = |problem| vec![(DEAL.to_owned(), problem)];
    for is_all in [false, true] {
        let found = |sales: &[Sale], deals: &[Deal]| found(sales, deals, is_all);
        assert_eq!(found(std::slice::from_ref(&right), &[]), of(NO_DEAL));
        assert_eq!(
            found(std::slice::from_ref(&changed), std::slice::from_ref(&deal)),
            of("a sale is not as its deal has it")
        );
        assert_eq!(
            found(std::slice::from_ref(&changed), std::slice::from_ref(&filed)),
            of("a sale is not what its deal's events make of it")
        );
    }
    assert_eq!(found(&[], &[deal], true), of("a sale of the deal is not listed"));
    assert_eq!(found(&[], &[Deal::new(right.id().deal)], true), []);
}

#[test]
fn a_difference_tells_both_sides_and_where_it_is() {
    let deal = sold(7);
    let changed = Sale { amount: Tenge(1), lead_day: None, ..deal.sales[0].clone() };
    let difference = sale_differences(&[changed], &[deal], &Rulebook::default(), false).remove(0);
    assert_eq!((difference.name().as_str(), difference.is_mendable()), ("deal 29600001-7", true));
    assert_eq!(difference.day().unwrap().to_string(), "2026-11-20");
    let told = serde_json::to_value(&difference).unwrap();
    assert_eq!((&told["held"][0]["amount"], &told["follows"][0]["amount"]), (&1.into(), &5_000.into()));
    assert_eq!(
        (&told["held"][0]["lead_day"], &told["follows"][0]["lead_day"]),
        (&serde_json::Value::Null, &"2026-11-18".into())
    );
    assert_eq!(difference.change().what, "a sale is not as its deal has it, express 1 (1 → 5,000 ₸)");
}
