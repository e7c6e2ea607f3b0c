//! One attempt to bring a lead into amoCRM: find or make its deal, store which, change what it lacks, add the note.
//!
//! Each step may be repeated by the next attempt, which looks first: a deal that was made is found by its contact, open as
//! every deal is made; one that is stored is read again; a note is found by its last line. So the deal's id is stored
//! before the deal is moved, and a deal is never made in a stage that closes it: what is won already would not be found
//! as the deal of this lead. An order that is sent twice joins the deal of the first, though that is closed, and adds
//! nothing but its note.
//!
//! Limitation: amoCRM's search may not know a new contact for some seconds; an attempt after a lost answer comes later.

mod mend;

use std::collections::BTreeMap;

use chrono::TimeDelta;

use super::amocrm::{AmoCrm, Trouble};
use super::catalogue::Catalogue;
use super::locate::locate;
use super::stop::Stop;
use super::wiring::Source;
use crate::domain::crm::account::{CrmDeal, Pipeline};
use crate::domain::crm::change::{Wish, change};
use crate::domain::crm::choice::Found;
use crate::domain::crm::note;
use crate::domain::crm::payment::{PaymentStages, SECTION};
use crate::domain::crm::repeat::{is_as_left, repeated};
use crate::domain::event::DealId;
use crate::domain::landing_lead::LandingLead;
use crate::domain::lead::{CrmJob, Form, Lead, LeadStatus};
use crate::domain::product::ProductRules;
use crate::domain::stage::{LOST, WON};
use crate::edge::clock;
use crate::neighbours::amocrm::api::{Created, NewContact, NewDeal, Whose};
use crate::store::leads::Outdated;

/// While a lead is worked on, the sweeper leaves it alone.
const UNDER_WAY: TimeDelta = TimeDelta::seconds(90);

/// A write is mended so often: fields, stage, address and contact.
const MOST_MENDINGS: usize = 4;

/// A lead is put off by others once or twice while it is worked on, and then lies beyond their reach for a while.
const MOST_TIMES_KEPT: usize = 3;

/// More notes than these are not looked through.
const MOST_PAGES: u32 = 4;

/// An attempt with one lead.
pub struct Attempt<'a> {
    source: &'a Source,
    crm: &'a AmoCrm<'a>,
    /// The lead as it is stored now, with what is to be stored with it next.
    pub lead: Lead,
    earlier: Vec<Lead>,
}

impl<'a> Attempt<'a> {
    /// With a lead of someone who has sent these before.
    pub fn new(source: &'a Source, crm: &'a AmoCrm<'a>, lead: Lead, earlier: Vec<Lead>) -> Self {
        Self { source, crm, lead, earlier }
    }

    /// Brings the lead into amoCRM. What is left is to settle it.
    pub async fn run(&mut self) -> Result<(), Stop> {
        let configured: PaymentStages = self.source.settings.section(SECTION).await?;
        let book = self.source.rules.fresh().await?;
        let catalogue = self.source.catalogue(self.crm, clock::now()).await?;
        let pipeline = configured.pipeline(&catalogue.pipelines);
        let pipeline = pipeline.ok_or_else(|| Stop::Later("the account has no pipeline".to_owned()))?;
        if pipeline.id != configured.pipeline_id {
            self.warn(format!("pipeline {} is not in the account", configured.pipeline_id));
        }
        let wish = self.wish(&book.now().products.list, &configured, pipeline, &catalogue);
        let is_resumed = self.lead.crm.deal.is_some();
        let Some(deal) = self.deal(pipeline, &wish).await? else {
            return Ok(());
        };
        let is_sent_again = self.repeated(&wish)?.is_some_and(|order| is_as_left(&deal, order));
        let stage = if is_sent_again { deal.stage } else { self.change(&deal, pipeline, &wish).await? };
        self.lead.crm.stage = Some(stage);
        if !(is_resumed && self.has_note(deal.id).await?) {
            let text = note::text(&self.lead);
            self.crm.write(async |amocrm| amocrm.add_note(deal.id, &text).await).await?;
        }
        Ok(())
    }

    /// What the lead would have at its deal, as far as the account has it.
    fn wish(
        &mut self,
        products: &ProductRules,
        configured: &PaymentStages,
        pipeline: &Pipeline,
        catalogue: &Catalogue,
    ) -> Wish {
        let mut wish = Wish::of(&self.lead, products);
        match self.lead.payment_method.map(|method| configured.stage(method, pipeline)) {
            Some(Ok(stage)) => wish.stage = stage.cloned(),
            Some(Err(problem)) => self.warn(problem),
            None => {}
        }
        let (there, missing): (BTreeMap<_, _>, BTreeMap<_, _>) =
            wish.utm.into_iter().partition(|(code, _)| catalogue.codes.contains(code));
        if !missing.is_empty() {
            let codes: Vec<String> = missing.into_keys().collect();
            self.warn(format!("deals have no field with the code {}: make it in amoCRM", codes.join(", ")));
        }
        Wish { utm: there, ..wish }
    }

    /// The lead's deal: the one that is stored, one that it joins, or a new one. Nothing where there is to be none.
    async fn deal(&mut self, pipeline: &Pipeline, wish: &Wish) -> Result<Option<CrmDeal>, Stop> {
        if let Some(known) = self.lead.crm.deal {
            let found = self.crm.read(async |amocrm| amocrm.deal(known.lead).await).await?;
            if let Some(deal) = found.filter(|deal| !deal.is_deleted) {
                self.link(known).await?;
                return Ok(Some(deal));
            }
        }
        let account = self.account()?;
        if let Some(deal) = self.deal_of_the_same_order(wish).await? {
            return Ok(Some(deal));
        }
        match locate(self.crm, &self.lead, &self.earlier, account, pipeline.id).await? {
            Found::Open { deal, contact } => {
                self.keep(DealId { account, lead: deal.id }, contact).await?;
                Ok(Some(*deal))
            }
            Found::Closed { contact } if self.lead.form == Form::Proftest => {
                (self.lead.crm.deal, self.lead.crm.contact_id) = (None, contact);
                Ok(None)
            }
            Found::Closed { contact } | Found::None { contact } => {
                let (created, deal) = self.create(pipeline, wish, contact).await?;
                self.keep(DealId { account, lead: created.deal }, created.contact.or(contact)).await?;
                Ok(Some(deal))
            }
        }
    }

    /// The deal of the order that this lead sends again, where it stands as that has left it.
    async fn deal_of_the_same_order(&mut self, wish: &Wish) -> Result<Option<CrmDeal>, Stop> {
        let order = self.repeated(wish)?.and_then(|order| Some((order.clone(), order.crm.deal?)));
        let Some((order, known)) = order else { return Ok(None) };
        let found = self.crm.read(async |amocrm| amocrm.deal(known.lead).await).await?;
        let Some(deal) = found.filter(|deal| is_as_left(deal, &order)) else { return Ok(None) };
        self.keep(known, order.crm.contact_id).await?;
        Ok(Some(deal))
    }

    fn repeated(&self, wish: &Wish) -> Result<Option<&Lead>, Stop> {
        let stage = wish.stage.as_ref().map(|stage| stage.id);
        Ok(repeated(&self.lead, stage, &self.earlier, self.account()?))
    }

    fn account(&self) -> Result<u64, Stop> {
        self.source.account().map_err(|trouble| match trouble {
            Trouble::NoWay(problem) => Stop::Later(problem),
            Trouble::Failed { failure, .. } => Stop::Later(failure.to_string()),
            Trouble::Stop(stop) => stop,
        })
    }

    async fn create(
        &mut self,
        pipeline: &Pipeline,
        wish: &Wish,
        contact: Option<u64>,
    ) -> Result<(Created, CrmDeal), Stop> {
        let stage = wish.stage.as_ref().map(|stage| stage.id).filter(|stage| !matches!(*stage, WON | LOST));
        let mut new = NewDeal {
            request_id: self.lead.id.clone(),
            name: note::title(&self.lead),
            pipeline: pipeline.id,
            stage,
            price: wish.price,
            utm: wish.utm.clone(),
            whose: contact.map_or_else(|| Whose::New(self.new_contact()), Whose::Known),
        };
        for _ in 0..MOST_MENDINGS {
            match self.crm.write(async |amocrm| amocrm.create(&new).await).await {
                Err(Stop::Invalid(said)) if self.mend_new(&mut new, &said) => {}
                created => {
                    let created = created?;
                    return Ok((created, made(&new, created, pipeline)));
                }
            }
        }
        Err(Stop::Later("amoCRM refuses one thing after another in a new deal".to_owned()))
    }

    fn new_contact(&self) -> NewContact {
        NewContact {
            name: note::name(&self.lead),
            phone: self.lead.phone.as_str().to_owned(),
            email: Some(self.lead.email.as_str().to_owned()),
        }
    }

    /// Stores which deal it is before anything happens to that, and tells the ledger. Whoever has written the lead since
    /// it was read has put it off, for which nobody needs the locks: the deal is there all the same, so it is stored with
    /// what they have written.
    async fn keep(&mut self, deal: DealId, contact: Option<u64>) -> Result<(), Stop> {
        self.lead.crm.deal = Some(deal);
        self.lead.crm.contact_id = contact;
        for _ in 0..MOST_TIMES_KEPT {
            let due_at = clock::now() + UNDER_WAY;
            match self.source.leads.put(self.lead.clone(), Some(due_at)).await? {
                Ok(kept) => {
                    self.lead = kept;
                    return self.link(deal).await;
                }
                Err(Outdated) => self.take_over().await?,
            }
        }
        Err(Stop::Outdated)
    }

    /// The lead as someone else has written it, with what this attempt knows of its deal; nothing may be known of another.
    async fn take_over(&mut self) -> Result<(), Stop> {
        let present = self.source.leads.get(&self.lead.id).await?.ok_or(Stop::Outdated)?;
        let is_other = present.crm.deal.is_some_and(|deal| Some(deal) != self.lead.crm.deal);
        if present.status != LeadStatus::Waiting || is_other {
            return Err(Stop::Outdated);
        }
        let CrmJob { deal, contact_id, warning, .. } = self.lead.crm.clone();
        self.lead = Lead { crm: CrmJob { deal, contact_id, warning, ..present.crm }, ..present };
        Ok(())
    }

    async fn link(&self, deal: DealId) -> Result<(), Stop> {
        let lead = LandingLead::from(&self.lead);
        Ok(self.source.ledger.link(deal, &lead, clock::now()).await?)
    }

    /// Changes what the deal lacks; returns the stage that it then has.
    async fn change(&mut self, deal: &CrmDeal, pipeline: &Pipeline, wish: &Wish) -> Result<u64, Stop> {
        let mut change = change(deal, pipeline, wish);
        for _ in 0..MOST_MENDINGS {
            if change.is_empty() {
                break;
            }
            match self.crm.write(async |amocrm| amocrm.change(deal.id, &change).await).await {
                Err(Stop::Invalid(said)) if self.mend_change(&mut change, &said) => {}
                changed => {
                    changed?;
                    break;
                }
            }
        }
        Ok(change.stage.map_or(deal.stage, |(_, stage)| stage))
    }

    /// Whether an attempt before this one has added the note.
    async fn has_note(&self, deal: u64) -> Result<bool, Stop> {
        let marker = note::marker(&self.lead.id);
        for page in 1..=MOST_PAGES {
            let notes = self.crm.read(async |amocrm| amocrm.notes(deal, page).await).await?;
            if notes.items.iter().any(|text| text.contains(&marker)) {
                return Ok(true);
            }
            if !notes.has_next {
                break;
            }
        }
        Ok(false)
    }

    /// Keeps what was wrong, once: an attempt that goes on finds the same.
    fn warn(&mut self, problem: String) {
        let warning = self.lead.crm.warning.take().unwrap_or_default();
        if warning.contains(&problem) {
            self.lead.crm.warning = Some(warning);
            return;
        }
        tracing::warn!(lead = self.lead.id, problem = %problem, "amoCRM is told less of a lead than it should be");
        let before = if warning.is_empty() { warning } else { format!("{warning}; ") };
        self.lead.crm.warning = Some(format!("{before}{problem}"));
    }
}

/// A deal as it was just made: in its pipeline's first stage where none was named.
fn made(new: &NewDeal, created: Created, pipeline: &Pipeline) -> CrmDeal {
    let ordinary = pipeline.stages.iter().filter(|stage| !stage.is_incoming());
    let first = ordinary.min_by_key(|stage| stage.sort).map(|stage| stage.id);
    CrmDeal {
        id: created.deal,
        pipeline: new.pipeline,
        stage: new.stage.or(first).unwrap_or_default(),
        is_deleted: false,
        has_price: true,
        // Whatever was left out was refused: it is not tried again.
        filled: crate::domain::utm::UtmName::ALL.map(crate::domain::crm::change::code).into(),
        contacts: vec![],
    }
}
