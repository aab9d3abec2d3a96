/*
 * danger.h - option dangerous: what comes of a plan that does something dangerous which its file does not
 * approve.
 *
 * deny   the run is refused, before anything of it is written
 * warn   the run goes on; where option progress asks for a display, standard error says what it will do, but
 *        for what is going to fail: the run says that
 *
 * Only steps up are judged: a step down was judged by what it says in the plan of its operation.
 */
#ifndef MIG_DANGER_H
#define MIG_DANGER_H

#include "compiler.h"
#include "prepare.h"
#include "session.h"

/*
 * Judges the steps up of a plan that mig_prepare_plan() has made, as far as option dangerous asks for it;
 * to be called before the first of them is carried out. Fails with the first finding of severity error
 * that is not approved, where the option is deny; and where the judging itself fails.
 */
void mig_danger_check(struct mig_session *s, const struct mig_prepared *prepared);

#endif
