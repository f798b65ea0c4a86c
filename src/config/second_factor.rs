//! Whether administrators, officers and auditors need a second factor.

use crate::domain::string_enum::string_enum;

string_enum! {
    #[derive(Default)]
    pub enum SecondFactor as "RUBRICA_SECOND_FACTOR" {
        /// Each account may switch it on.
        #[default]
        Optional = "optional",
        /// An account without one sees nothing but the pages on which it is switched on.
        Required = "required",
    }
}
