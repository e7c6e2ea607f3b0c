use proptest::prelude::*;

use super::*;

fn at(minute: i64) -> DateTime<Utc> {
    "2026-11-20T10:00:00Z".parse::<DateTime<Utc>>().unwrap() + TimeDelta::minutes(minute)
}

fn place(minute: i64, id: usize) -> Place {
    Place { at: at(minute), id: RowId(id.to_string()) }
}

/// What a table hands out, at most so many rows at a time.
fn page(table: &[Place], ask: &Ask, most: usize) -> Vec<Place> {
    let fits = |place: &&Place| match ask {
        Ask::From(at) => place.at >= *at,
        Ask::Within(at, id) => place.at == *at && place.id > *id,
        Ask::After(at) => place.at > *at,
        Ask::ById(after) => after.as_ref().is_none_or(|after| place.id > *after),
    };
    let mut rows: Vec<Place> = table.iter().filter(fits).cloned().collect();
    rows.sort_by_key(|place| {
        (if ask.is_by_id() { DateTime::UNIX_EPOCH } else { place.at }, place.id.clone())
    });
    rows.truncate(most);
    rows
}

/// One run, which is killed after so many pages; what was stored last comes back.
fn run(mut stored: Progress, table: &[Place], most: usize, began: DateTime<Utc>, pages: usize) -> Progress {
    let mut walk = stored.walk();
    for _ in 0..pages {
        let Some(ask) = walk.ask().cloned() else { break };
        let rows = page(table, &ask, most);
        let mut progress = stored.clone();
        for fresh in walk.take(&rows).unwrap() {
            progress.count(&rows[fresh], Fate::Synced);
        }
        progress.went_on(walk.ask(), began);
        // What a store hands out is what was written.
        stored = serde_json::from_str(&serde_json::to_string(&progress).unwrap()).unwrap();
    }
    stored
}

#[test]
fn rows_of_long_ago_are_not_read_again_and_those_of_the_last_half_hour_are() {
    let table = [place(-600, 1), place(-500, 2)];
    let done = run(Progress::default(), &table, 10, at(0), 9);
    assert_eq!(done.walk().ask(), Some(&Ask::After(at(-500))));
    assert!(done.counted.is_empty());
    let table = [place(-600, 1), place(-31, 2), place(-29, 3), place(-1, 4)];
    let done = run(Progress::default(), &table, 10, at(0), 9);
    assert_eq!(done.walk().ask(), Some(&Ask::From(at(-30))));
    assert_eq!(done.counted.keys().map(|id| id.0.as_str()).collect::<Vec<_>>(), ["3", "4"]);
    assert_eq!((done.statistics.synced, done.statistics.reached), (4, Some(at(-1))));
}

#[test]
fn a_row_that_commits_late_is_found_by_the_next_run() {
    let mut table = vec![place(-20, 1), place(-1, 2)];
    let done = run(Progress::default(), &table, 10, at(0), 9);
    table.push(place(-5, 3));
    let done = run(done, &table, 10, at(15), 9);
    assert_eq!(done.statistics.synced, 3);
}

#[test]
fn of_a_flood_no_more_is_remembered_than_there_is_room_for_and_none_is_counted_twice() {
    let table: Vec<Place> = (0..5_000).map(|id| place(-1 - (id as i64 / 900), id)).collect();
    let mut done = Progress::default();
    for _ in 0..40 {
        done = run(done, &table, 700, at(0), 2);
        assert!(done.counted.len() <= 3_000, "{}", done.counted.len());
    }
    assert_eq!(done.statistics.synced, 5_000);
}

#[test]
fn from_the_start_all_is_counted_anew() {
    let table = [place(-600, 1), place(-1, 2)];
    let done = run(Progress::default(), &table, 10, at(0), 9);
    let again = run(Progress { version: 7, ..done }.from_the_start(), &table, 10, at(0), 9);
    assert_eq!((again.statistics.synced, again.version), (2, 7));
}

proptest! {
    #[test]
    fn killed_after_any_page_it_counts_every_row_once(
        minutes in prop::collection::vec(-90_i64..0, 0..60),
        late in prop::collection::vec((-25_i64..0, 0_usize..6), 0..10),
        most in 1_usize..9,
        pages in prop::collection::vec(1_usize..5, 0..30),
    ) {
        let mut table: Vec<Place> = minutes.iter().enumerate().map(|(id, minute)| place(*minute, id)).collect();
        let mut stored = Progress::default();
        for (runs, pages) in pages.into_iter().enumerate() {
            stored = run(stored, &table, most, at(0), pages);
            for (minute, _) in late.iter().filter(|(_, when)| *when == runs) {
                table.push(place(*minute, table.len()));
            }
        }
        // The first ends the walk that was cut off, the second looks for what was late to it.
        for _ in 0..2 {
            stored = run(stored, &table, most, at(0), 10_000);
        }
        prop_assert_eq!(stored.statistics.synced, table.len() as u64);
    }
}

#[test]
fn a_table_without_times_is_counted_anew_each_time_and_goes_on_where_it_was_cut_off() {
    let mut table = vec![place(3, 2), place(1, 4), place(2, 5)];
    let cut_off = run(Progress::default().by_id(), &table, 2, at(0), 1);
    assert_eq!(cut_off.clone().by_id(), cut_off);
    let done = run(cut_off.by_id(), &table, 2, at(0), 9);
    assert_eq!((done.statistics.synced, done.counted.len()), (3, 0));
    table.push(place(9, 1));
    let again = run(done.by_id(), &table, 2, at(20), 9);
    assert_eq!(again.statistics.synced, 4);
    // Once there are times, those rows are read anew too.
    let timed = run(again.by_time(), &table, 2, at(40), 9);
    assert_eq!((timed.statistics.synced, timed.clone().by_time()), (4, timed));
}
