use std::collections::BTreeMap;

use chrono::TimeDelta;
use proptest::prelude::*;

use super::*;

fn at(second: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::seconds(second)
}

fn place(second: i64, id: u64) -> Place {
    Place { at: at(second), id: RowId(id.to_string()) }
}

/// What a table hands out, at most so many rows at a time.
fn page(table: &[Place], ask: &Ask, most: usize) -> Vec<Place> {
    let mut rows: Vec<Place> = table.iter().filter(|place| ask.fits(place)).cloned().collect();
    rows.sort_by_key(|place| (if ask.is_by_id() { at(0) } else { place.at }, place.id.clone()));
    rows.truncate(most);
    rows
}

fn begin() -> Walk {
    Walk::new(Ask::From(at(0)), BTreeSet::new())
}

#[test]
fn an_empty_table_is_one_question() {
    let mut walk = begin();
    assert_eq!(walk.take(&[]), Ok(vec![]));
    assert_eq!(walk.ask(), None);
}

#[test]
fn the_next_page_begins_at_the_time_of_the_last_row_and_repeats_only_that() {
    let table = [place(1, 1), place(2, 2), place(2, 3), place(3, 4)];
    let mut walk = begin();
    assert_eq!(walk.take(&page(&table, walk.ask().unwrap(), 3)), Ok(vec![0, 1, 2]));
    assert_eq!(walk.ask(), Some(&Ask::From(at(2))));
    assert_eq!(walk.take(&page(&table, walk.ask().unwrap(), 3)), Ok(vec![2]));
    assert_eq!(walk.ask(), Some(&Ask::From(at(3))));
    assert_eq!(walk.take(&page(&table, walk.ask().unwrap(), 3)), Ok(vec![]));
    assert_eq!(walk.ask(), None);
}

#[test]
fn without_times_all_rows_are_drained_by_id() {
    let table = [place(9, 1), place(0, 2), place(5, 3)];
    let (mut walk, mut came) = (Walk::new(Ask::ById(None), BTreeSet::new()), vec![]);
    while let Some(ask) = walk.ask().cloned() {
        let rows = page(&table, &ask, 2);
        came.extend(walk.take(&rows).unwrap().into_iter().map(|index| rows[index].clone()));
    }
    assert_eq!(came, table);
    let mut walk = Walk::new(Ask::ById(Some(RowId("2".to_owned()))), BTreeSet::new());
    assert_eq!(walk.clone().take(&[place(9, 2)]), Err(NotAsked::Filter));
    assert_eq!(walk.take(&[place(1, 4), place(2, 3)]), Err(NotAsked::Order));
}

#[test]
fn a_page_of_one_time_is_drained_by_id() {
    let table: Vec<Place> = (1..=5).map(|id| place(7, id)).chain([place(8, 9)]).collect();
    let (mut walk, mut asked) = (begin(), vec![]);
    while let Some(ask) = walk.ask().cloned() {
        walk.take(&page(&table, &ask, 2)).unwrap();
        asked.push(ask);
    }
    let within = |id: u64| Ask::Within(at(7), RowId(id.to_string()));
    let expected = [
        Ask::From(at(0)),
        within(2),
        within(4),
        within(5),
        Ask::After(at(7)),
        Ask::Within(at(8), RowId("9".to_owned())),
        Ask::After(at(8)),
    ];
    assert_eq!(asked, expected);
}

#[test]
fn what_was_ignored_ends_the_walk() {
    let from = |second| Walk::new(Ask::From(at(second)), BTreeSet::new());
    assert_eq!(from(5).take(&[place(4, 1), place(6, 2)]), Err(NotAsked::Filter));
    assert_eq!(from(0).take(&[place(6, 1), place(4, 2)]), Err(NotAsked::Order));
    assert_eq!(from(0).take(&[place(4, 2), place(4, 1)]), Err(NotAsked::Order));
    let mut within = Walk::new(Ask::Within(at(4), RowId("7".to_owned())), BTreeSet::new());
    assert_eq!(within.take(&[place(4, 7)]), Err(NotAsked::Filter));
    assert_eq!(within.take(&[place(5, 8)]), Err(NotAsked::Filter));
    let mut after = Walk::new(Ask::After(at(4)), BTreeSet::new());
    assert_eq!(after.take(&[place(4, 9)]), Err(NotAsked::Filter));
}

proptest! {
    #[test]
    fn every_row_is_delivered_and_none_of_it_twice_but_at_a_border(
        seconds in prop::collection::vec(0_i64..12, 0..60),
        late in prop::collection::vec(0_i64..12, 0..20),
        most in 1_usize..9,
        killed in prop::collection::vec(any::<bool>(), 0..40),
    ) {
        let mut table: Vec<Place> =
            seconds.iter().enumerate().map(|(id, second)| place(*second, id as u64 + 1)).collect();
        let mut late = late.into_iter();
        let mut killed = killed.into_iter();
        let mut delivered: BTreeMap<RowId, usize> = BTreeMap::new();
        let (mut walk, mut questions, mut again) = (begin(), 0, 0);
        while let Some(ask) = walk.ask().cloned() {
            questions += 1;
            prop_assert!(questions < 1_000, "it goes round for ever");
            let rows = page(&table, &ask, most);
            let before = walk.clone();
            for fresh in walk.take(&rows).unwrap() {
                *delivered.entry(rows[fresh].id.clone()).or_default() += 1;
            }
            if killed.next() == Some(true) {
                // Before it was noted how far it came: the page comes again.
                walk = before;
                again += 1;
            }
            // A row that is made meanwhile is later than those that were read.
            if let (Some(more), Some(last)) = (late.next(), rows.last()) {
                let id = table.len() as u64 + 1;
                table.push(Place { at: last.at + TimeDelta::seconds(more), id: RowId(id.to_string()) });
            }
        }
        for row in &table {
            let times = delivered.get(&row.id).copied().unwrap_or_default();
            prop_assert!(times >= 1, "{row:?} never came");
            prop_assert!(times <= 1 + again, "{row:?} came {times} times");
        }
    }
}
