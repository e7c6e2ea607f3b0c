//! A second look at the deals that are not alike, and what can be put right of them.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::shown::Shown;
use super::{AT_ONCE, Comparison, Known, is_active};
use crate::domain::crm::sight::Sight;
use crate::domain::deal::Deal;
use crate::domain::event::DealId;
use crate::domain::observe::Seen;
use crate::domain::reconciliation::{Pair, Run};
use crate::edge::clock;
use crate::sync::crm::stop::Stop;

/// Deals that are gone are asked for one by one, so many in a run; the next one goes on.
const MOST_SINGLE: usize = 100;

/// If more deals than this are gone at once, and more than this part of them, it is not they who are gone: what we may see of
/// the account has changed.
const MOST_GONE: usize = 5;
const PART_GONE: usize = 5;

/// Deals that are not alike.
#[derive(Debug, Default)]
pub(super) struct Apart {
    /// Which.
    pub(super) deals: Vec<DealId>,
    /// How many deals with a sale were asked for by themselves that amoCRM has shown before.
    pub(super) of: usize,
}

impl Comparison<'_> {
    /// Looks again at the deals that are not alike, puts right what can be, and counts them as they are then.
    pub(super) async fn mend(&mut self, apart: Apart, mut shown: Shown) -> Result<(), Stop> {
        let dares = self.dares_to_cancel(&apart, &shown).await?;
        let mut singles = MOST_SINGLE;
        for ids in apart.deals.chunks(AT_ONCE) {
            let known = self.known(ids).await?;
            let before: Vec<(DealId, Vec<Pair>)> =
                ids.iter().map(|id| (*id, self.pairs(*id, &known, &shown, &self.run))).collect();
            let is_apart = |(_, pairs): &&(DealId, Vec<Pair>)| pairs.iter().any(|pair| pair.why.is_some());
            let differing: BTreeSet<DealId> = before.iter().filter(is_apart).map(|(id, _)| *id).collect();
            self.report.found += differing.len();
            let touched = self.heal(&differing, &known, &mut shown, dares, &mut singles).await?;
            let after = self.known(&touched.iter().copied().collect::<Vec<_>>()).await?;
            // What we have just written ourselves is no reason to believe that it is alike now.
            let later = Run { began_at: clock::now(), ..self.run };
            for (id, pairs) in before {
                if touched.contains(&id) {
                    let now = self.pairs(id, &after, &shown, &later);
                    self.count_mended(&pairs, &now);
                } else {
                    pairs.iter().for_each(|pair| self.days.count(pair));
                }
            }
        }
        Ok(())
    }

    fn count_mended(&mut self, before: &[Pair], now: &[Pair]) {
        now.iter().for_each(|pair| self.days.count(pair));
        let still =
            |pair: &Pair| now.iter().any(|other| (other.why, other.product()) == (pair.why, pair.product()));
        let mended: Vec<&Pair> = before.iter().filter(|pair| pair.why.is_some() && !still(pair)).collect();
        let at = clock::now();
        mended.iter().for_each(|pair| self.days.healed(pair, at));
        self.report.mended += usize::from(!mended.is_empty());
    }

    /// Whether a deal that is gone may be taken for deleted.
    async fn dares_to_cancel(&mut self, apart: &Apart, shown: &Shown) -> Result<bool, Stop> {
        let mut gone = 0;
        let absent: Vec<DealId> =
            apart.deals.iter().filter(|id| shown.get(**id).is_none()).copied().collect();
        for ids in absent.chunks(AT_ONCE) {
            let known = self.sweep.known(ids).await?;
            gone += known.values().filter(|deal| was_shown(deal)).count();
        }
        let dares = gone <= MOST_GONE.max(apart.of / PART_GONE);
        if !dares {
            tracing::error!(
                gone,
                of = apart.of,
                "so many deals are gone from amoCRM that none is taken for deleted"
            );
            self.report.notice = Some(format!(
                "{gone} of {} deals are gone from amoCRM at once, which is what lost rights look like: none was cancelled. \
                 Check which deals the token's user may see.",
                apart.of
            ));
        }
        Ok(dares)
    }

    /// Takes in what amoCRM has changed; which deals that may have changed.
    async fn heal(
        &mut self,
        differing: &BTreeSet<DealId>,
        known: &Known,
        shown: &mut Shown,
        dares: bool,
        singles: &mut usize,
    ) -> Result<BTreeSet<DealId>, Stop> {
        let (mut touched, mut news) = (BTreeSet::new(), vec![]);
        for id in differing {
            let deal = known.deals.get(id);
            let has_sale = known.sales.get(id).is_some_and(|sales| sales.iter().any(is_active));
            if let Some(sight) = shown.get(*id) {
                news.extend(is_news(deal, sight).then(|| sight.clone()));
                continue;
            }
            let Some(deal) = deal.filter(|deal| has_sale && dares && was_shown(deal)) else { continue };
            if *singles == 0 {
                continue;
            }
            *singles -= 1;
            let asked_at = clock::now();
            let context = self.sweep.context();
            match self.sweep.crm.read(async |amocrm| amocrm.sight(id.lead, &context).await).await {
                Ok(Some(sight)) => {
                    news.extend(is_news(Some(deal), &sight).then(|| sight.clone()));
                    shown.put(sight);
                }
                Ok(None) => self.miss(deal, asked_at).await?,
                // That it was not amoCRM itself that said so says nothing about the deal, nor about the others.
                Err(Stop::Gone(said)) => {
                    tracing::warn!(deal = %id, said, "nobody can tell whether a deal is gone")
                }
                Err(stop) => return Err(stop),
            }
            touched.insert(*id);
        }
        touched.extend(news.iter().map(|sight| sight.deal));
        self.sweep.take(news).await?;
        Ok(touched)
    }

    async fn miss(&mut self, deal: &Deal, asked_at: DateTime<Utc>) -> Result<(), Stop> {
        let seen = Seen { sight: None, moves: &[], purpose: self.sweep.purpose, now: clock::now() };
        let reading = self.source.ledger.miss(deal.clone(), asked_at, seen).await?;
        self.sweep.count(reading.as_ref());
        Ok(())
    }
}

fn was_shown(deal: &Deal) -> bool {
    deal.read.is_some()
}

/// Whether amoCRM says that it has changed the deal since. Another difference is for a person: to write the deal once more
/// would hide that somebody has changed the ledger by hand.
fn is_news(deal: Option<&Deal>, sight: &Sight) -> bool {
    let read = deal.and_then(|deal| Some((deal, deal.read.as_ref().filter(|_| deal.absent_at.is_none())?)));
    read.is_none_or(|(deal, read)| sight.updated_at > read.updated_at || deal.is_told_after(read.read_at))
}
