//! A page of events.

use crate::domain::day::{Day, Period};
use crate::domain::event::{DealId, Route};
use crate::rebuild::events::{deals_of, event_differences};
use crate::rebuild::order::Place;
use crate::rebuild::run::Run;
use crate::store::StoreError;
use crate::store::heard::HeardPlace;

impl Run<'_> {
    /// Looks whether the deals know of the events of a page. Needs no second look: what an event changed was written with it.
    pub async fn events(
        &mut self,
        day: Day,
        route: Route,
        heard: Option<HeardPlace>,
    ) -> Result<Option<Place>, StoreError> {
        let of_day = Period { from: day, to: day };
        let (records, next) = self.reads.heard.page(route, of_day, heard.as_ref()).await?;
        let ids: Vec<DealId> = deals_of(&records).into_iter().collect();
        let deals = self.reads.sales.deals(&ids).await?;
        let mut found = vec![];
        for (record, difference) in event_differences(&records, &deals) {
            let mended = match self.hand {
                Some(hand) => Some((difference.name(), hand.relearn(record).await)),
                None => None,
            };
            found.push((difference.change(), mended));
            self.report.event_differences.push(difference);
        }
        self.report.events_checked += records.len();
        self.report.tell(day, None, found);
        let same_route = next.map(|heard| Place::Events { day, route, heard: Some(heard) });
        let route = Route::ALL.into_iter().find(|other| *other > route);
        let next_route = route.map(|route| Place::Events { day, route, heard: None });
        let first = |day| Place::Events { day, route: Route::ALL[0], heard: None };
        Ok(same_route.or(next_route).or_else(|| self.plan.next(day).map(first)))
    }
}
