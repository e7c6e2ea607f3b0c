//! Sends the messages that wait in the notifications table: to Telegram, as SMS, as e-mail.
//!
//! Limitations. No provider has a key against sending the same message twice. So if it has taken a message, and its yes
//! is not noted, because the answer was lost on its way, because we crashed, or because our store failed just then, the
//! message is tried again and may arrive twice. That is the only case of a repeat. A message is late while its provider
//! does not take it, and is given up 24 hours after it was stored or a person last asked for it.
//!
//! The protocol, for any number of senders, queue messages and sweeps:
//!
//! 1. Whoever stores a cause stores the row in the same transaction, `pending` with its time, and then sends `{"id"}` to
//!    the queue with that delay. What the queue loses, delays or doubles changes nothing but the time.
//! 2. A sender claims the row by one conditional write: it is pending, it is due, and nobody's lease on it still runs.
//!    The write sets the end of the lease (25 s), a ticket of this attempt's own, and counts the attempt.
//! 3. A claim that fails returns the row, which says why. Sent or failed: there is nothing to do. Not due: the message
//!    goes back with the delay that is left. Claimed by another: nothing, since the sweeper looks again after the lease.
//! 4. With the claim the sender reads what the message tells of, writes the text, and calls the provider once. The call
//!    takes 10 s at most and is not begun unless it would end within the lease: no two calls for one row overlap.
//! 5. It notes the result on condition that the ticket is still its own: sent, failed, or pending with a later time. That
//!    write ends the lease. A sender that is too late for it writes nothing.
//! 6. A later time of 15 minutes or less is also a message with that delay; a longer one is left to the sweeper.
//! 7. The sweeper, every minute, sends `{"id"}` for each row that is pending, due for more than 3 s, and under nobody's
//!    lease. So a sender that died at any step, or a queue message that was lost, costs a minute and a half at most.

mod channels;
mod compose;
mod sender;
#[cfg(test)]
pub mod stand_in;
mod sweep;
mod wiring;

pub use sender::{Done, Sender};
pub use sweep::{Sweeper, Swept};
