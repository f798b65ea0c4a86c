## Issue a certificate: the steps
issue-place = Step { $at } of { $of }
issue-place-first = Step 1
issue-kind-title = Who is the certificate for?
issue-name-title = Which name goes in the certificate?
issue-holder-title = Who is the holder?
issue-holder-hint = Enter the names exactly as they appear in the identity document.
issue-holder-hint-renewal = Enter the names exactly as they appear in the certificate that you renew. The name in the new certificate is made from your answers.
issue-organisation-title = Which organisation do they belong to?
issue-represented-title = Which organisation do they represent?
issue-seal-title = Which organisation is the seal for?
issue-options-title = Contact and other settings
issue-check-title = Check your answers
issue-advanced = Advanced: key settings
issue-advanced-hint = The values shown suit almost everyone. Change them only if you were asked to.
issue-not-given = Not given
issue-confirm = The data is correct, and I want to issue this certificate
issue-submit = Issue the certificate
issue-submit-hint = Even if you press twice, only one certificate is issued.
draft-discard = Discard this draft

issue-stale-title = This step was changed in another window
issue-stale-text = Your answers were not saved, so that nothing is overwritten by surprise. They are still below. Press Continue to save them in place of the stored ones.
issue-stale-field = Field
issue-stale-stored = Stored now
issue-stale-typed = What you wrote

check-stale-title = The answers were changed in another window
check-stale = Something changed since this page was shown, so nothing was requested. Check the answers, and what this holder has already, as they are now.
check-stale-shown = What this page showed
check-preview-title = Subject (DN) as it will appear in the certificate
check-duplicates = { $count ->
    [one] There is already a valid certificate, or a request under way, for this holder. Continue only if you need another.
   *[other] There are already { $count } valid certificates, or requests under way, for this holder. Continue only if you need another.
}
check-namesakes = { $count ->
    [one] There is another person with the same name and another document. This is not a duplicate; check that you have the right person.
   *[other] There are { $count } certificates or requests of people with the same name and another document. They are not duplicates; check that you have the right person.
}
check-duplicate-expires = expires on { $date }
check-duplicate-expires-estimated = expires on { $date } (estimated)
check-duplicate-valid = certificate without a known expiry date
check-duplicate-under-way = request under way
check-duplicate-unknown = request with unknown outcome
check-duplicate-in-run = waiting in another batch, row { $line }
check-duplicate-row = row { $row } of this file

connection-gone-title = This Redtrust server is not available
connection-gone-what = It has been removed or switched off, so nothing was sent. What you saved is safe.
connection-gone-next = Ask the people who manage this service, and try again later.

## Kinds of holder
kind-person = A person
kind-person-hint = A natural person, in their own name.
kind-linked = A person linked to an organisation
kind-linked-hint = An employee or member of an organisation.
kind-representative = A representative of an organisation
kind-representative-hint = A person who may act in the name of an organisation. Its NIF becomes part of the name.
kind-seal = The electronic seal of an organisation
kind-seal-hint = For signing automatically in the name of an organisation, without a person.
kind-name = Just a name
kind-name-hint = Only a common name, with no identity data.
document-dni = DNI
document-nie = NIE
document-passport = Passport

## Fields
field-kind = Kind of holder
field-given-names = Given names
field-first-surname = First surname
field-second-surname = Second surname
field-one-name = Has only one name
hint-one-name = Tick this if the document shows a single name. Enter it as given name or as surname and leave the other blank.
field-document-type = Identity document
field-document-number = Document number
hint-document-number = For example 12345678Z. Blanks, dots and hyphens do not matter.
field-document-country = Country of the passport
hint-document-country = For passports only: two letters, such as FR.
field-organisation-name = Name of the organisation
hint-organisation-name = The registered name, with its legal form.
field-organisation-nif = NIF of the organisation
hint-organisation-nif = For example A58818501.
field-department = Department
field-position = Position
hint-position = At most 64 characters.
field-email = E-mail address
hint-email = For contact only. It is kept here and is not sent to Redtrust.
hint-email-sent = For contact. Redtrust puts it into the certificate.
hint-group-ids = The groups of people in Redtrust who may use the certificate.
field-common-name = Name in the certificate
hint-common-name = This name is shown as the holder, exactly as you enter it.
hint-common-name-person = Leave it blank to use the given names and surnames.
hint-common-name-seal = For example, the name of the system or service that applies the seal.
field-hash-type = Hash
field-key-length = Key length
key-length-bits = RSA, { $bits } bits
field-provider = Certification authority
field-group-ids = Groups
field-data-changed = Has any of this changed?

## Fields left blank, or with no such choice
missing-kind = Choose who the certificate is for
missing-given-names = Enter the given names
missing-either-name = Enter the given name or the surname
wrong-one-name = You have ticked that there is only one name, but entered more than one. Untick it or fill in one field only
missing-first-surname = Enter the first surname
missing-document-number = Enter the document number
missing-organisation-name = Enter the name of the organisation
missing-organisation-nif = Enter the NIF of the organisation
missing-common-name = Enter the name for the certificate
missing-data-changed = Say whether any of the data has changed
missing-confirm = Confirm that the data is correct
missing-other = Fill in this field
choose-document-type = Choose DNI, NIE or passport
choose-hash-type = Choose one of the hashes in the list
choose-key-length = Choose one of the key lengths in the list
choose-provider = Choose one of the certification authorities in the list
choose-other = Choose one of the options in the list

## Names that cannot be used in a certificate
wrong-name-no-letter = { $field }: enter at least one letter
wrong-name-long = { $field }: enter at most { $max } characters; there are { $length }
wrong-name-control = { $field }: there is a tab, line break or control character in it. Type it again instead of pasting it
wrong-note-control = { $field }: there is a tab or control character in it. Type it again instead of pasting it
wrong-name-bidi = { $field }: there are hidden characters that turn the text around. Type it again instead of pasting it
wrong-name-zero-width = { $field }: there are invisible characters in it. Type it again instead of pasting it
wrong-name-mixed = { $field }: letters of different alphabets are mixed. Enter all of it in one alphabet
wrong-name-character = { $field }: the character “{ $character }” cannot be part of a name. Enter the name as it is in the identity document

## Numbers that are not right
wrong-number-characters = Use only letters from A to Z and digits in the number
wrong-number-length = The number must have 9 characters; there are { $length }
wrong-number-no-letter = The letter at the end is missing. Enter it as the document shows it
wrong-number-short-dni = A DNI has 8 digits and a letter. If yours has fewer digits, put zeros in front
wrong-number-form = Letters and digits are not in their places. A DNI has 8 digits and a letter; a NIE begins with X, Y or Z
wrong-number-letter = The letter does not match the number. Check both.
wrong-number-control = The last character does not match the number. Check both.
wrong-number-is-nie = This is a NIE. Choose NIE as the document, or enter the DNI
wrong-number-is-dni = This is a DNI. Choose DNI as the document, or enter the NIE
wrong-number-is-company = This looks like a company NIF. Enter the number of the person
wrong-nif-form = A company NIF has a letter, seven digits, and a digit or letter at the end
wrong-nif-is-personal = This is the number of a person. Enter the NIF of the organisation
wrong-passport-characters = Use only letters from A to Z and digits in the passport number
wrong-passport-long = The passport number can have at most 20 characters
wrong-country = Enter the country of the passport with two letters, such as FR
wrong-country-no-such = No country has this code. Enter the two letters of the country of the passport, such as FR
wrong-country-write = The code of that country is { $code }. Enter { $code }
wrong-email = Enter an e-mail address such as name@example.com
wrong-email-not-ascii = This address will be in the certificate, which allows only letters without accents. Enter an address without them
wrong-group = These groups are not offered here. Remove them
wrong-info = Use visible characters only, 255 at most
wrong-thumbprint-in-issue = A new certificate does not replace another. To replace one, renew it

## Worth saying, though accepted
warn-long = { $field } has { $length } characters. The certification authority may refuse more than 64.
warn-unusual-nif = The NIF ends in a character that this kind of organisation seldom has. Check it.
form-kept = What you typed is still here. Check it and go on.
form-kept-file = What you typed is still here. A file is not kept: choose it again.
form-file-again = What you chose here is not kept: choose it again if you want to send it
form-stale = What this page shows was changed in the meantime, by somebody else or in another window, so nothing has been saved yet. Check it and save again.
form-stale-taken = Changed in the meantime, shown with the value stored now: { $fields }.
form-stale-field = { $field }: stored now is “{ $value }”. What you entered is in the field; save again to replace it.
form-stale-empty = { $field }: it is blank now. What you entered is in the field; save again to store it.

## Users who may not issue
may-not-issue-title = This user may not issue certificates
may-not-issue-again = If the permission has been granted by now, you can try again.
may-not-issue-try = Try again
may-not-issue-banner = Redtrust does not allow this user to issue certificates. Sending this request will not help until the people who manage Redtrust grant permission.
