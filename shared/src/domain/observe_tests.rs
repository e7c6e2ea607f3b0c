use chrono::TimeDelta;

use super::*;
use crate::domain::crm::sight::MoveKind;
use crate::domain::event::{DealEvent, Happened};
use crate::domain::money::Tenge;
use crate::domain::sale::{AmountSource, State};
use crate::domain::stage::{LOST, WON};

#[path = "observe_life.rs"]
mod life;
use life::{EVERYTHING, ID, Known, OPEN, Work, at, gist};

#[test]
fn a_sale_that_no_hook_told_of_is_recorded_at_its_own_time_and_named() {
    let work = Work::begun(0, OPEN, 5_000).moved(600, WON);
    let mut known = Known::default();
    assert!(known.look(Some(&work.read(1_000)), &work.moves));
    let sales = known.sales();
    assert_eq!(
        (sales[0].sold_at, sales[0].amount, sales[0].amount_source),
        (at(600), Tenge(5_000), AmountSource::Crm)
    );
    assert!(sales[0].verified);
    assert_eq!(
        known.healed,
        [(Found::Added, at(0)), (Found::Stage, at(600))],
        "one for each hook that was lost"
    );
    assert_eq!(known.delivered(), (2, 0));
    assert!(!known.look(Some(&work.read(1_600)), &work.moves), "read again, it says nothing new");
}

#[test]
fn a_deal_that_nobody_told_of_and_that_never_moved_is_one_thing_that_was_lost() {
    let work = Work::begun(0, OPEN, 5_000);
    let mut known = Known::default();
    known.look(Some(&work.read(1_000)), &work.moves);
    assert_eq!((known.healed.as_slice(), known.delivered()), (&[(Found::Added, at(0))][..], (1, 0)));
    let later = work.clone().moved(2_000, WON);
    known.hear(&later.hooks[1]);
    assert!(known.look(Some(&later.read(3_000)), &later.moves));
    assert_eq!((known.healed.len(), known.delivered()), (1, (2, 1)));
}

#[test]
fn without_the_journal_a_deal_was_won_when_it_was_closed_not_when_it_was_last_touched() {
    let work = Work::begun(0, OPEN, 5_000).moved(600, WON).priced(90_000, 6_000);
    let mut known = Known::default();
    known.hear(&work.hooks[0]);
    known.look(Some(&work.read(91_000)), &[]);
    assert_eq!(known.sales()[0].sold_at, at(600));
    assert_eq!(known.sales()[0].amount, Tenge(6_000));
}

#[test]
fn what_hooks_have_told_is_confirmed_and_nothing_is_added() {
    let work = Work::begun(0, OPEN, 490_000).moved(600, WON);
    let mut known = Known::default();
    work.hooks.iter().for_each(|hook| known.hear(hook));
    assert!(!known.sales()[0].verified);
    let before = known.deal.clone().unwrap();
    assert!(known.look(Some(&work.read(1_000)), &work.moves));
    let after = known.deal.clone().unwrap();
    assert_eq!((after.history.len(), after.versions.len()), (before.history.len(), before.versions.len()));
    assert!(known.sales()[0].verified && known.sales()[0].amount_source == AmountSource::Hook);
    assert_eq!((known.healed.len(), known.delivered()), (0, (2, 2)));
    let counted: Vec<_> = known.counted.iter().map(|(key, n)| (key.stage, *n)).collect();
    assert_eq!(counted, [(WON, 1)]);
}

#[test]
fn a_hook_that_comes_after_its_change_was_found_counts_once_and_changes_nothing() {
    let work = Work::begun(0, OPEN, 5_000).moved(600, WON);
    let mut known = Known::default();
    known.hear(&work.hooks[0]);
    known.look(Some(&work.read(1_000)), &work.moves);
    assert_eq!(known.delivered(), (2, 1));
    let found = gist(&known.sales());
    for _ in 0..2 {
        known.hear(&work.hooks[1]);
        known.look(Some(&work.read(9_000)), &work.moves);
        assert_eq!((gist(&known.sales()), known.delivered()), (found.clone(), (2, 2)));
    }
}

#[test]
fn a_price_that_went_there_and_back_is_not_undone_by_a_hook_from_in_between() {
    let work = Work::begun(0, WON, 5_000).priced(600, 450_000).priced(900, 5_000);
    let mut known = Known::default();
    known.hear(&work.hooks[0]);
    assert!(known.look(Some(&work.read(1_000)), &work.moves));
    known.hear(&DealEvent { received_at: at(2_000), ..work.hooks[1].clone() });
    assert!(!known.sales()[0].verified && known.deal.as_ref().unwrap().unread_since().is_some());
    assert!(known.look(Some(&work.read(3_000)), &work.moves));
    assert_eq!((known.sales()[0].amount, known.sales()[0].verified), (Tenge(5_000), true));
}

#[test]
fn a_deletions_hook_that_comes_after_the_restoration_was_read_is_undone() {
    let work = Work::begun(0, OPEN, 5_000).moved(600, WON);
    let noted = |id: &str, offset, kind| Move { id: id.into(), deal: ID, at: at(offset), kind };
    let moves = [noted("8", 700, MoveKind::Deleted), noted("9", 800, MoveKind::Restored)];
    let restored = Sight { updated_at: at(800), ..work.read(1_000) };
    let mut known = Known::default();
    work.hooks.iter().for_each(|hook| known.hear(hook));
    known.look(Some(&restored), &moves);
    assert_eq!(known.sales()[0].state, State::Active);
    known.hear(&DealEvent {
        action: Action::Delete,
        stage: None,
        price: None,
        happened: Happened::OnArrival,
        received_at: at(9_000),
        facts: "deleted".into(),
        ..work.hooks[1].clone()
    });
    assert_eq!(known.sales()[0].state, State::Cancelled);
    assert!(known.look(Some(&Sight { read_at: at(9_600), ..restored }), &[]));
    assert_eq!((known.sales()[0].state, known.sales()[0].verified), (State::Active, true));
}

#[test]
fn a_move_there_and_back_that_only_the_journal_knows_leaves_a_cancelled_sale() {
    let work = Work::begun(0, OPEN, 5_000).moved(600, WON).moved(700, LOST);
    let mut known = Known::default();
    known.hear(&work.hooks[0]);
    known.look(Some(&work.read(1_000)), &work.moves);
    assert_eq!(known.sales()[0].state, State::Cancelled);
    assert_eq!(known.sales()[0].sold_at, at(600));
}

#[test]
fn a_difference_that_no_change_announced_is_left_to_a_person() {
    let work = Work::begun(0, OPEN, 490_000).moved(600, WON);
    let mut known = Known::default();
    known.look(Some(&work.read(1_000)), &work.moves);
    let silent = Sight { price: Some(Tenge(450_000)), facts: "other".into(), ..work.read(2_000) };
    assert!(!known.look(Some(&silent), &work.moves));
    assert_eq!(known.sales()[0].amount, Tenge(490_000));
    let announced = Sight { updated_at: at(1_500), ..silent };
    assert!(known.look(Some(&announced), &work.moves));
    assert_eq!(known.sales()[0].amount, Tenge(450_000));
}

#[test]
fn an_older_sight_never_undoes_what_was_told_since() {
    let work = Work::begun(0, OPEN, 5_000).moved(600, WON);
    let early = work.read(650);
    let late = work.clone().moved(700, LOST);
    let mut known = Known::default();
    late.hooks.iter().for_each(|hook| known.hear(hook));
    known.look(Some(&early), &[]);
    assert_eq!(known.sales()[0].state, State::Cancelled);
    assert!(!known.sales()[0].verified, "it was read before the newest hook");
}

#[test]
fn a_deletion_in_the_journal_cancels_and_one_that_a_hook_told_of_late_is_the_same() {
    let work = Work::begun(0, OPEN, 5_000).moved(600, WON);
    let deleted = [Move { id: "9".into(), deal: ID, at: at(700), kind: MoveKind::Deleted }];
    let mut known = Known::default();
    work.hooks.iter().for_each(|hook| known.hear(hook));
    let mut told = known.clone();
    known.look(None, &deleted);
    assert_eq!(
        (known.sales()[0].state, known.healed.as_slice()),
        (State::Cancelled, &[(Found::Deleted, at(700))][..])
    );
    let hook = DealEvent {
        action: Action::Delete,
        stage: None,
        price: None,
        happened: Happened::OnArrival,
        received_at: at(3_000),
        ..work.hooks[1].clone()
    };
    assert_eq!(known.delivered(), (3, 2), "the others had told of a deal that is there no more");
    known.hear(&hook);
    assert_eq!(known.delivered(), (3, 3), "late, and told all the same");
    told.hear(&hook);
    told.look(None, &deleted);
    assert_eq!((told.sales()[0].state, told.healed.len()), (State::Cancelled, 0));
    assert_eq!(told.delivered(), (3, 3));
}

#[test]
fn a_deal_that_was_seen_and_is_gone_is_cancelled_and_one_that_was_never_seen_is_not() {
    let rules = Rules::default();
    let seen = Seen { sight: None, moves: &[], purpose: EVERYTHING, now: at(5_000) };
    let work = Work::begun(0, OPEN, 5_000).moved(600, WON);
    let mut known = Known::default();
    work.hooks.iter().for_each(|hook| known.hear(hook));
    let stranger = miss(known.deal.as_ref().unwrap(), at(4_000), seen, &rules).unwrap();
    assert_eq!((stranger.deal.sales[0].state, stranger.healed.len()), (State::Active, 0));
    assert_eq!(stranger.deal.unread_since(), None, "it is not asked for again before somebody speaks of it");
    assert!(miss(&stranger.deal, at(4_000), seen, &rules).is_none());

    known.look(Some(&work.read(1_000)), &work.moves);
    let gone = miss(known.deal.as_ref().unwrap(), at(4_000), seen, &rules).unwrap();
    known.take(gone);
    assert_eq!((known.sales()[0].state, known.sales()[0].sold_at), (State::Cancelled, at(600)));
    assert_eq!(known.counted, deal_counts::DealCounters::new());
    assert!(known.look(Some(&work.read(6_000)), &work.moves), "it was only out of sight");
    assert_eq!(known.sales()[0].state, State::Active);
}

#[test]
fn nobody_is_asked_about_a_deal_without_sales() {
    let mut known = Known::default();
    known.hear(&Work::begun(0, OPEN, 5_000).hooks[0]);
    assert_eq!(known.deal.as_ref().unwrap().unread_since(), None);
    known.hear(&Work::begun(0, OPEN, 5_000).moved(600, WON).hooks[1]);
    assert_eq!(known.deal.as_ref().unwrap().unread_since(), Some(at(601)));
}

#[path = "observe_properties.rs"]
mod properties;
