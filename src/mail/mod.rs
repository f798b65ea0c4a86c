//! Sends the mail that services have ordered: texts in the reader's language, as text and
//! as HTML, over SMTP with TLS. Knows nothing of requests or certificates but the facts of
//! a mail.

mod conversation;
mod sender;
mod text;
mod worker;

pub use sender::Sender;
pub use text::Letterhead;
pub use worker::{run, send_due};
