//! What amoCRM does not take of a lead is left out, so that the rest of it arrives.
//!
//! A warning says what was left out in amoCRM's codes and names of fields alone: the next attempt finds the same, and what
//! differs from answer to answer would make another warning of it.

use std::collections::BTreeMap;

use super::Attempt;
use crate::domain::crm::change::DealChange;
use crate::neighbours::amocrm::api::{NewDeal, Problem, Said, Whose};

impl Attempt<'_> {
    /// Leaves out of a new deal what amoCRM does not take; whether anything could be left out.
    pub(super) fn mend_new(&mut self, new: &mut NewDeal, said: &Said) -> bool {
        self.source.forget_catalogue();
        let is_of_contact = |problem: &Problem| problem.path.contains("contacts");
        let (of_contact, of_deal): (Vec<_>, Vec<_>) =
            said.problems.iter().partition(|problem| is_of_contact(problem));
        let mut is_mended = self.mend(&mut new.stage, &mut new.utm, &of_deal, said);
        if !of_contact.is_empty() {
            let wrong = said.what_is_wrong();
            match &mut new.whose {
                Whose::New(contact) if contact.email.is_some() => {
                    contact.email = None;
                    self.warn(format!("amoCRM does not take the e-mail address for a contact ({wrong})"));
                    is_mended = true;
                }
                Whose::New(_) => {}
                // It was deleted, or joined with another.
                Whose::Known(_) => {
                    new.whose = Whose::New(self.new_contact());
                    is_mended = true;
                }
            }
        }
        is_mended
    }

    /// Takes away what the problems are about, and warns of it.
    fn mend<S>(
        &mut self,
        stage: &mut Option<S>,
        utm: &mut BTreeMap<String, String>,
        problems: &[&Problem],
        said: &Said,
    ) -> bool {
        let is_about = |names: [&str; 2]| {
            problems.iter().any(|problem| names.iter().any(|name| problem.path.contains(name)))
        };
        let (mut is_mended, wrong) = (false, said.what_is_wrong());
        if is_about(["status_id", "pipeline_id"]) && stage.take().is_some() {
            self.warn(format!(
                "amoCRM does not take the stage of this payment method ({wrong}): set another one"
            ));
            is_mended = true;
        }
        if is_about(["custom_fields_values", "field_code"]) && !utm.is_empty() {
            utm.clear();
            self.warn(format!("amoCRM does not take the UTM values ({wrong}): they stand in the note"));
            is_mended = true;
        }
        is_mended
    }

    /// The same for a change.
    pub(super) fn mend_change(&mut self, change: &mut DealChange, said: &Said) -> bool {
        self.source.forget_catalogue();
        let problems: Vec<&Problem> = said.problems.iter().collect();
        self.mend(&mut change.stage, &mut change.utm, &problems, said)
    }
}
