"""Every word of the terminal, in English and Welsh, as whole sentences.

The Welsh is awaiting a translator's check: it was written with the project and nobody has confirmed it yet.
A name in braces is filled in when the sentence is shown.
"""

from __future__ import annotations

ENGLISH, WELSH = "en", "cy"
LANGUAGES = (ENGLISH, WELSH)

# key: (English, Welsh)
WORDS: dict[str, tuple[str, str]] = {
    # The frame
    "title": ("Buddy terminal", "Terfynell cyfaill"),
    "other_language": ("Cymraeg", "English"),
    "bigger": ("Text size", "Maint y testun"),
    "contrast": ("Contrast", "Cyferbyniad"),
    "read": ("Read aloud", "Darllen yn uchel"),
    "leave": ("Leave", "Gadael"),
    "skip": ("Go to the main part", "Mynd i’r brif ran"),
    "back": ("Back", "Yn ôl"),
    "home": ("Home", "Hafan"),
    "controls": ("Settings of this screen", "Gosodiadau’r sgrin hon"),
    "demo": ("Demonstration. Nobody here is real.", "Arddangosiad. Nid oes neb yma yn bodoli go iawn."),
    # Nobody is in
    "closed": ("Ask a member of staff.", "Gofynnwch i aelod o staff."),
    "closed_more": ("This screen is closed now.", "Mae’r sgrin hon ar gau nawr."),
    "start": ("Go in", "Mynd i mewn"),
    "number": ("Prison number", "Rhif carchar"),
    "code": ("Your six numbers", "Eich chwe rhif"),
    "go_in": ("Go in", "Mynd i mewn"),
    "somebody_let_in": ("Staff have let somebody in.", "Mae staff wedi gadael rhywun i mewn."),
    "continue": ("Continue", "Parhau"),
    "somebody_code": (
        "Staff have asked for new numbers for somebody.",
        "Mae staff wedi gofyn am rifau newydd i rywun.",
    ),
    "show_code": ("Show my new code", "Dangos fy nghod newydd"),
    "no_code": ("No numbers? Ask the officer to let you in.", "Dim rhifau? Gofynnwch i’r swyddog eich gadael i mewn."),
    "fill_in": (
        "Enter your prison number and your six numbers.",
        "Rhowch eich rhif carchar a’ch chwe rhif.",
    ),
    "wrong": (
        "That did not work. Check both numbers and try again, or ask the officer.",
        "Ni weithiodd hynny. Gwiriwch y ddau rif a rhowch gynnig arall arni, neu gofynnwch i’r swyddog.",
    ),
    "wait_one": ("Please wait a moment, then try again.", "Arhoswch eiliad, yna rhowch gynnig arall arni."),
    "wait": (
        "Please wait {seconds} seconds, then try again.",
        "Arhoswch {seconds} eiliad, yna rhowch gynnig arall arni.",
    ),
    "ask_officer": (
        "Please ask the officer. They can let you in.",
        "Gofynnwch i’r swyddog. Gall y swyddog eich gadael i mewn.",
    ),
    "nobody_waiting": ("That has ended. Ask the officer.", "Mae hynny wedi dod i ben. Gofynnwch i’r swyddog."),
    "hello": ("Hello {name}.", "Helo {name}."),
    "code_is": ("Your new numbers are", "Eich rhifau newydd yw"),
    "code_keep": (
        "Remember them. Tell nobody. They are shown only now.",
        "Cofiwch nhw. Peidiwch â dweud wrth neb. Dim ond nawr y cânt eu dangos.",
    ),
    "code_done": ("I know them", "Rwy’n eu gwybod"),
    # Setting a machine up
    "enrol": ("Set up this machine", "Gosod y peiriant hwn"),
    "enrol_more": (
        "This machine becomes the terminal “{name}”.",
        "Bydd y peiriant hwn yn dod yn derfynell “{name}”.",
    ),
    "enrol_button": ("Set it up", "Ei osod"),
    # Home
    "choose": ("What do you want to do?", "Beth ydych chi am ei wneud?"),
    "visits": ("My visits", "Fy ymweliadau"),
    "tell": ("Tell staff", "Dweud wrth staff"),
    "job": ("My job", "Fy swydd"),
    "jobs": ("Jobs", "Swyddi"),
    # Asking for help
    "help": ("Ask for help", "Gofyn am help"),
    "help_what": ("What do you need help with?", "Gyda beth mae angen help arnoch chi?"),
    "need_MOBILITY": ("Getting about", "Symud o gwmpas"),
    "need_CELL": ("Keeping my cell clean", "Cadw fy nghell yn lân"),
    "need_MEALS": ("Meals and water", "Prydau a dŵr"),
    "need_COMMUNICATION": ("Reading, writing, being understood", "Darllen, ysgrifennu, cael fy neall"),
    "need_COMPANY": ("Company", "Cwmni"),
    "need_MEMORY": ("Remembering things", "Cofio pethau"),
    "need_PERSONAL": ("Washing, dressing, toilet", "Ymolchi, gwisgo, toiled"),
    "need_GENERAL": ("Something else", "Rhywbeth arall"),
    "help_when": ("When do you need help?", "Pryd mae angen help arnoch chi?"),
    "when_TODAY": ("Today", "Heddiw"),
    "when_WAIT": ("It can wait", "Gall aros"),
    "help_say": ("Send, and I tell staff the rest myself", "Anfon, a byddaf yn dweud y gweddill wrth staff fy hun"),
    "help_thanks": ("Thank you. Staff have your request.", "Diolch. Mae eich cais gan staff."),
    "help_next": (
        "Staff read it, then somebody talks to you in private. You can look here how it goes.",
        "Bydd staff yn ei ddarllen, yna bydd rhywun yn siarad â chi’n breifat. Gallwch edrych yma sut mae’n mynd.",
    ),
    "help_now": (
        "If it cannot wait, tell an officer now. This screen does not call anybody.",
        "Os na all aros, dywedwch wrth swyddog nawr. Nid yw’r sgrin hon yn galw neb.",
    ),
    "help_mine": ("What I asked for", "Yr hyn y gofynnais amdano"),
    "help_more": ("Ask for something else", "Gofyn am rywbeth arall"),
    "help_enough": (
        "Staff look at these first. If it cannot wait, tell an officer now.",
        "Bydd staff yn edrych ar y rhain yn gyntaf. Os na all aros, dywedwch wrth swyddog nawr.",
    ),
    "help_on": ("You asked on {day}.", "Gofynnoch chi ar {day}."),
    "help_WAITING": ("It is waiting. Staff have it.", "Mae’n aros. Mae gan staff eich cais."),
    "help_LOOKING": ("It is being looked at.", "Mae rhywun yn edrych arno."),
    "help_ARRANGING": ("Help is being arranged.", "Mae help yn cael ei drefnu."),
    "help_HELPED": ("A buddy helps you now.", "Mae cyfaill yn eich helpu nawr."),
    "help_NO_HELP": (
        "There is no help for this now. You can ask again.",
        "Does dim help ar gyfer hyn nawr. Gallwch ofyn eto.",
    ),
    "help_SPEAK": ("Please speak to staff.", "Siaradwch â staff."),
    "help_NOT_NOW": (
        "Not now. Staff have told you why. You can ask again.",
        "Ddim nawr. Mae staff wedi dweud wrthych pam. Gallwch ofyn eto.",
    ),
    # Jobs
    "jobs_now": ("Jobs that you can apply for", "Swyddi y gallwch wneud cais amdanynt"),
    "no_jobs": (
        "There is no job to apply for now. Look again later.",
        "Nid oes swydd ar gael nawr. Edrychwch eto nes ymlaen.",
    ),
    "your_wing": ("Your wing", "Eich adain chi"),
    "my_application": ("My application", "Fy nghais"),
    "job_hours": ("{hours} hours a week", "{hours} awr yr wythnos"),
    "job_band": ("Pay band {band}", "Band cyflog {band}"),
    "job_closes": ("Apply by {day}", "Gwnewch gais erbyn {day}"),
    "job_what": (
        "A buddy is paid to help people who are old, ill or disabled. You are trained first.",
        "Mae cyfaill yn cael ei dalu i helpu pobl sy’n hen, yn sâl neu’n anabl. Cewch eich hyfforddi yn gyntaf.",
    ),
    "job_checks": (
        "The prison checks everybody, and there is an interview.",
        "Mae’r carchar yn gwirio pawb, ac mae cyfweliad.",
    ),
    "job_apply": ("Apply", "Gwneud cais"),
    "job_why": ("Why do you want this job?", "Pam ydych chi eisiau’r swydd hon?"),
    "pick_some": ("Choose one or more.", "Dewiswch un neu fwy."),
    "why_HELP": ("I want to help other people", "Rydw i eisiau helpu pobl eraill"),
    "why_LEARN": ("I want to learn caring work", "Rydw i eisiau dysgu gwaith gofal"),
    "why_TIME": ("I want to use my time well", "Rydw i eisiau defnyddio fy amser yn dda"),
    "why_HELPED": ("I have looked after somebody before", "Rydw i wedi gofalu am rywun o’r blaen"),
    "job_help": ("Do you want help to apply?", "Ydych chi eisiau help i wneud cais?"),
    "help_yes": ("Yes, I want help", "Ydw, rydw i eisiau help"),
    "help_no": ("No, thank you", "Na, dim diolch"),
    "job_easier": (
        "What would make the interview and the training easier?",
        "Beth fyddai’n gwneud y cyfweliad a’r hyfforddiant yn haws?",
    ),
    "pick_or_next": ("Choose any, or touch Next.", "Dewiswch unrhyw un, neu gyffwrdd Nesaf."),
    "easier_LARGE_PRINT": ("Large print", "Print bras"),
    "easier_READ_ALOUD": ("Things read aloud to me", "Pethau’n cael eu darllen i mi"),
    "easier_MORE_TIME": ("More time", "Mwy o amser"),
    "easier_WELSH": ("Welsh", "Cymraeg"),
    "easier_OTHER_LANGUAGE": ("Another language", "Iaith arall"),
    "easier_SEATED": ("Sitting down, or no stairs", "Eistedd i lawr, neu ddim grisiau"),
    "job_check": ("Is this right?", "Ydy hyn yn iawn?"),
    "job_nothing_easier": ("Nothing to make it easier", "Dim byd i’w wneud yn haws"),
    "send": ("Send", "Anfon"),
    "app_APPLIED": ("We have your application.", "Mae eich cais gennym ni."),
    "app_CHECKS": ("Checks are being made.", "Mae gwiriadau’n cael eu gwneud."),
    "app_INTERVIEW": (
        "You have an interview. Staff will tell you when.",
        "Mae gennych gyfweliad. Bydd staff yn dweud wrthych pryd.",
    ),
    "app_APPROVED": ("You are approved. We wait for a place.", "Rydych wedi’ch cymeradwyo. Rydym yn aros am le."),
    "app_OFFERED": ("The job is offered to you.", "Mae’r swydd yn cael ei chynnig i chi."),
    "app_IN_TRAINING": ("You start training.", "Rydych yn dechrau hyfforddi."),
    "app_ACTIVE": ("You are a buddy.", "Rydych yn gyfaill."),
    "app_SUSPENDED": (
        "Your job is stopped for now. Staff will talk to you.",
        "Mae eich swydd wedi’i hatal am nawr. Bydd staff yn siarad â chi.",
    ),
    "app_DECLINED": (
        "Not this time. Staff will tell you why and how to appeal.",
        "Dim y tro hwn. Bydd staff yn dweud wrthych pam a sut i apelio.",
    ),
    "app_APPEAL": (
        "You have appealed. Somebody else looks at it again.",
        "Rydych wedi apelio. Mae rhywun arall yn edrych arno eto.",
    ),
    "app_DISMISSED": (
        "Your appeal is decided: not this time. Staff will tell you why.",
        "Mae eich apêl wedi’i phenderfynu: dim y tro hwn. Bydd staff yn dweud wrthych pam.",
    ),
    "app_WITHDRAWN": (
        "You have taken your application back. You can apply again.",
        "Rydych wedi tynnu eich cais yn ôl. Gallwch wneud cais eto.",
    ),
    "app_on": ("You applied on {day}.", "Gwnaethoch gais ar {day}."),
    "take_back": ("Take my application back", "Tynnu fy nghais yn ôl"),
    "take_back_sure": ("Do you want to take your application back?", "Ydych chi eisiau tynnu eich cais yn ôl?"),
    "take_back_yes": ("Yes, take it back", "Ydw, ei dynnu’n ôl"),
    # My visits
    "visits_today": ("My visits today", "Fy ymweliadau heddiw"),
    "no_visits": ("You have no visits today.", "Nid oes gennych ymweliadau heddiw."),
    "cell": ("Cell {cell}", "Cell {cell}"),
    "saved": ("Saved", "Wedi’i gadw"),
    "AM": ("Morning", "Bore"),
    "PM": ("Afternoon", "Prynhawn"),
    "EV": ("Evening", "Gyda’r nos"),
    # A visit
    "how": ("How did it go?", "Sut aeth hi?"),
    "tasks": ("The plan", "Y cynllun"),
    "care": ("Take care", "Cymerwch ofal"),
    "boundary": (
        "Not your job: washing, dressing, toilet, lifting people, medicines, money.",
        "Nid eich gwaith chi: ymolchi, gwisgo, toiled, codi pobl, moddion, arian.",
    ),
    "all": ("All as planned", "Popeth fel y cynllun"),
    "some": ("Some of it", "Rhywfaint ohono"),
    "none": ("Not done", "Heb ei wneud"),
    "which": ("What did you do?", "Beth wnaethoch chi?"),
    "next": ("Next", "Nesaf"),
    "why": ("Why was it not done?", "Pam na chafodd ei wneud?"),
    "NOT_UNLOCKED": ("Not unlocked", "Heb ddatgloi"),
    "BUDDY_ABSENT": ("I was away", "Roeddwn i i ffwrdd"),
    "DECLINED": ("They did not want it", "Doedden nhw ddim ei eisiau"),
    "STAFF_REFUSED": ("Staff said no", "Dywedodd staff na"),
    "OTHER": ("Something else", "Rhywbeth arall"),
    "anything": ("Anything to tell staff?", "Unrhyw beth i’w ddweud wrth staff?"),
    "nothing": ("Nothing to tell staff", "Dim i’w ddweud wrth staff"),
    "something": ("Yes, tell staff", "Oes, dweud wrth staff"),
    "ready": ("Ready to finish?", "Barod i orffen?"),
    "minutes": ("{minutes} minutes", "{minutes} munud"),
    "less": ("5 minutes less", "5 munud yn llai"),
    "more": ("5 minutes more", "5 munud yn fwy"),
    "finish": ("Finish", "Gorffen"),
    "thanks": ("Thank you. Staff will see this today.", "Diolch. Bydd staff yn gweld hyn heddiw."),
    # Tell staff
    "tell_what": ("What do you want to tell staff?", "Beth ydych chi am ei ddweud wrth staff?"),
    "tell_1": ("A worry about somebody", "Pryder am rywun"),
    "tell_2": ("Asked to do what is not my job", "Wedi cael cais i wneud rhywbeth nad yw’n waith i mi"),
    "tell_3": ("I did what is not my job", "Fe wnes i rywbeth nad yw’n waith i mi"),
    "tell_4": ("Debt or gifts", "Dyled neu roddion"),
    "tell_5": ("A fall", "Cwymp"),
    "tell_6": ("Somebody may hurt themselves", "Efallai y bydd rhywun yn brifo eu hunain"),
    "tell_7": ("I want to talk to staff", "Rydw i eisiau siarad â staff"),
    "few_words": (
        "You can write a few words. You do not have to.",
        "Gallwch ysgrifennu ychydig eiriau. Nid oes rhaid i chi.",
    ),
    "words_label": ("Your words", "Eich geiriau"),
    "bell": (
        "Press the bell. Tell an officer. Do not lift.",
        "Canwch y gloch. Dywedwch wrth swyddog. Peidiwch â chodi.",
    ),
    "bell_more": ("This screen does not call anybody.", "Nid yw’r sgrin hon yn galw neb."),
    # What went wrong
    "choose_one": ("Please choose one.", "Dewiswch un."),
    "fewer_words": ("Please use fewer words.", "Defnyddiwch lai o eiriau."),
    "plain_words": ("Please use plain letters only.", "Defnyddiwch lythrennau plaen yn unig."),
    "not_saved": ("This could not be saved. Please tell staff.", "Ni ellid cadw hyn. Dywedwch wrth staff."),
    "no_page": ("This page is not here.", "Nid yw’r dudalen hon yma."),
    "went_wrong": (
        "Something went wrong. Nothing was saved.",
        "Aeth rhywbeth o’i le. Ni chafodd dim ei gadw.",
    ),
    "to_start": ("Back to the start", "Yn ôl i’r dechrau"),
    # My job
    "training": ("My training", "Fy hyfforddiant"),
    "no_training": ("No training is recorded yet.", "Nid oes hyfforddiant wedi’i gofnodi eto."),
    "good_until": ("In date until {day}", "Yn gyfredol tan {day}"),
    "good": ("In date", "Yn gyfredol"),
    "due": ("Due again", "Angen ei ailwneud"),
    "not_yet": ("Not passed yet", "Heb ei basio eto"),
    "hours": (
        "This month you have helped for {hours} h {minutes} min.",
        "Y mis hwn rydych wedi helpu am {hours} awr {minutes} mun.",
    ),
    # A session that did not happen
    "notice_AM": (
        "The morning session on {day} did not happen: {why}.",
        "Ni chafodd sesiwn y bore ei chynnal {day}: {why}.",
    ),
    "notice_PM": (
        "The afternoon session on {day} did not happen: {why}.",
        "Ni chafodd sesiwn y prynhawn ei chynnal {day}: {why}.",
    ),
    "notice_EV": (
        "The evening session on {day} did not happen: {why}.",
        "Ni chafodd sesiwn yr hwyr ei chynnal {day}: {why}.",
    ),
    "notice_now_AM": (
        "The morning session today is cancelled: {why}.",
        "Mae sesiwn y bore heddiw wedi’i chanslo: {why}.",
    ),
    "notice_now_PM": (
        "The afternoon session today is cancelled: {why}.",
        "Mae sesiwn y prynhawn heddiw wedi’i chanslo: {why}.",
    ),
    "notice_now_EV": (
        "The evening session today is cancelled: {why}.",
        "Mae sesiwn yr hwyr heddiw wedi’i chanslo: {why}.",
    ),
    "notice_read": ("I have read this", "Rwyf wedi darllen hyn"),
    "cause_STAFF_SHORTAGE": ("staff shortage", "prinder staff"),
    "cause_STAFF_TRAINING": ("staff training", "hyfforddiant staff"),
    "cause_SEARCH": ("a search", "archwiliad"),
    "cause_INCIDENT": ("an incident", "digwyddiad"),
    "cause_HEALTH": ("illness on the wing", "salwch ar yr adain"),
    "cause_REPAIRS": ("repairs", "gwaith atgyweirio"),
    "cause_OTHER": ("another reason", "rheswm arall"),
    # Getting in with a card, and what is kept and hidden
    "card_hint": ("Or hold your card to the scanner.", "Neu daliwch eich cerdyn at y sganiwr."),
    "card_wait": ("Look at the officer now.", "Edrychwch ar y swyddog nawr."),
    "card_wait_more": (
        "The officer checks your face. Then your screen opens by itself.",
        "Bydd y swyddog yn edrych ar eich wyneb. Yna bydd eich sgrin yn agor ar ei phen ei hun.",
    ),
    "card_no": (
        "If nothing happens, ask the officer to let you in.",
        "Os nad oes dim yn digwydd, gofynnwch i’r swyddog eich gadael i mewn.",
    ),
    "kept": (
        "That was not saved. What you had answered is kept for you until tonight. Go in again to go on.",
        "Ni chafodd hynny ei gadw’n derfynol. Mae eich atebion ar gael i chi tan heno. Ewch i mewn eto i barhau.",
    ),
    "draft": ("You had begun something today.", "Roeddech wedi dechrau rhywbeth heddiw."),
    "draft_go_on": ("Go on with it", "Parhau ag ef"),
    "hide": ("Hide screen", "Cuddio’r sgrin"),
    "hidden": ("This screen is hidden.", "Mae’r sgrin hon wedi’i chuddio."),
    "hidden_more": (
        "It closes by itself soon. If you go away, touch Leave.",
        "Bydd yn cau ar ei phen ei hun yn fuan. Os ewch i ffwrdd, cyffyrddwch Gadael.",
    ),
    "come_back": ("Come back", "Dod yn ôl"),
    "dimmed": ("Touch to see your screen again.", "Cyffyrddwch i weld eich sgrin eto."),
    "show_again": ("Show my screen", "Dangos fy sgrin"),
    # With script
    "still_there": ("Are you still there?", "Ydych chi’n dal yno?"),
    "closing": ("This screen closes in one minute.", "Bydd y sgrin hon yn cau ymhen munud."),
    "still_here": ("I am still here", "Rwy’n dal yma"),
    "link_lost": (
        "Nothing was saved. The link is lost. Ask staff for a paper slip.",
        "Ni chafodd dim ei gadw. Mae’r cysylltiad wedi’i golli. Gofynnwch i staff am slip papur.",
    ),
    # Safety words: the fixed list of the plan
    "CANNOT_STAND": ("Cannot stand without help", "Methu sefyll heb gymorth"),
    "UNSTEADY": ("Unsteady on their feet", "Simsan ar eu traed"),
    "HARD_OF_HEARING": ("Hard of hearing", "Trwm eu clyw"),
    "POOR_SIGHT": ("Cannot see well", "Methu gweld yn dda"),
    "NEEDS_TIME": ("Needs time to answer", "Angen amser i ateb"),
    "WHEELCHAIR": ("Uses a wheelchair", "Yn defnyddio cadair olwyn"),
    # Modules of the national core, by their code; a new one shows its title until it has words here
    "MOD-01": ("Understanding the role and own development", "Deall y rôl a’ch datblygiad eich hun"),
    "MOD-02": ("Duty of care", "Dyletswydd gofal"),
    "MOD-03": ("Equality and diversity", "Cydraddoldeb ac amrywiaeth"),
    "MOD-04": ("Working in a person-centred way", "Gweithio mewn ffordd sy’n canolbwyntio ar y person"),
    "MOD-05": ("Communication and advocacy", "Cyfathrebu ac eiriolaeth"),
    "MOD-06": ("Privacy and dignity", "Preifatrwydd ac urddas"),
    "MOD-07": ("Fluids and nutrition", "Hylifau a maeth"),
    "MOD-08": ("Safeguarding adults, with self-harm", "Diogelu oedolion, gyda hunan-niweidio"),
    "MOD-09": ("Health and safety", "Iechyd a diogelwch"),
    "MOD-10": ("Handling information", "Trin gwybodaeth"),
    "MOD-11": ("Cleaning and infection control", "Glanhau a rheoli haint"),
    "MOD-12": ("Wheelchair and stair lift", "Cadair olwyn a lifft grisiau"),
    "MOD-13": (
        "Mental health, dementia and learning disability awareness",
        "Ymwybyddiaeth o iechyd meddwl, dementia ac anabledd dysgu",
    ),
    "MOD-14": ("Health and healthy ageing", "Iechyd a heneiddio’n iach"),
    # Concerns: what can be told, and who else is there
    "tell_8": (
        "I saw somebody do what is not their job",
        "Gwelais i rywun yn gwneud rhywbeth nad yw’n waith iddyn nhw",
    ),
    "what_next": (
        "If you told staff something, one of them will talk to you about it, away from here.",
        "Os dywedoch chi rywbeth wrth staff, bydd un ohonyn nhw yn siarad â chi amdano, i ffwrdd o’r fan hon.",
    ),
    "outside": (
        "You can also tell somebody outside the prison’s staff: the Independent Monitoring Board or the Prisons and "
        "Probation Ombudsman.",
        "Gallwch hefyd ddweud wrth rywun y tu allan i staff y carchar: y Bwrdd Monitro Annibynnol neu’r Ombwdsmon "
        "Carchardai a Phrofiannaeth.",
    ),
    # Danger, and whether an officer knows
    "told_one": ("Have you told one?", "Ydych chi wedi dweud wrth un?"),
    "told_yes": ("Yes, I told an officer", "Ydw, dywedais wrth swyddog"),
    "told_not_yet": ("Not yet", "Ddim eto"),
    "danger_always": (
        "Is somebody in danger? Press the bell and tell an officer. This screen does not call anybody.",
        "Oes rhywun mewn perygl? Canwch y gloch a dywedwch wrth swyddog. Nid yw’r sgrin hon yn galw neb.",
    ),
    # Help beside the plan
    "extra": ("Did you help with anything else?", "Wnaethoch chi helpu gyda rhywbeth arall?"),
    "extra_MEAL": ("Brought a meal or water", "Dod â phryd neu ddŵr"),
    "extra_CELL": ("Cleaned or tidied", "Glanhau neu dacluso"),
    "extra_FETCH": ("Fetched something", "Nôl rhywbeth"),
    "extra_WALK": ("Went with them somewhere", "Mynd gyda nhw i rywle"),
    "extra_LETTER": ("Read or wrote something for them", "Darllen neu ysgrifennu rhywbeth iddyn nhw"),
    "extra_COMPANY": ("Kept them company", "Cadw cwmni iddyn nhw"),
    "extra_OTHER": ("Another thing", "Peth arall"),
    # News that is told by a person
    "speak": ("Please speak to staff.", "Siaradwch â staff, os gwelwch yn dda."),
    # Supervision
    "supervision": ("My supervision", "Fy ngoruchwyliaeth"),
    "supervision_by": ("Talk with your supervisor by {day}", "Siaradwch â’ch goruchwyliwr erbyn {day}"),
    "supervision_late": ("It was due on {day}. Ask staff.", "Roedd yn ddyledus ar {day}. Gofynnwch i staff."),
    # Somebody who is helped: how it goes, stopping, changing
    "going": ("How is it going?", "Sut mae’n mynd?"),
    "stop_or_change": ("Stop or change", "Stopio neu newid"),
    "came": ("Does your help come?", "Ydy eich help yn dod?"),
    "came_ALWAYS": ("Every time", "Bob tro"),
    "came_SOMETIMES": ("Some of the time", "Weithiau"),
    "came_NEVER": ("No", "Nac ydy"),
    "feels": ("How do you feel about it?", "Sut ydych chi’n teimlo amdano?"),
    "feels_WELL": ("Good", "Da"),
    "feels_MIXED": ("Not sure", "Ddim yn siŵr"),
    "feels_BADLY": ("Bad", "Gwael"),
    "going_private": (
        "Only the social care lead reads this. Your buddy does not.",
        "Dim ond yr arweinydd gofal cymdeithasol sy’n darllen hyn. Nid yw eich cyfaill yn ei ddarllen.",
    ),
    "want_what": ("What do you want to do?", "Beth hoffech chi ei wneud?"),
    "want_stop": ("Stop some help", "Stopio rhywfaint o help"),
    "want_all": ("Stop all help", "Stopio pob help"),
    "want_change": ("Change something", "Newid rhywbeth"),
    "stop_which": ("What do you want to stop?", "Beth hoffech chi ei stopio?"),
    "stop_check": ("Do you want to stop this?", "Ydych chi eisiau stopio hyn?"),
    "stop_now": (
        "It stops now, also later today. You do not have to say why.",
        "Mae’n stopio nawr, hefyd yn ddiweddarach heddiw. Nid oes rhaid i chi ddweud pam.",
    ),
    "stop_yes": ("Yes, stop it", "Ydw, ei stopio"),
    "change_what": ("What do you want to change?", "Beth hoffech chi ei newid?"),
    "change_TIME": ("The time", "Yr amser"),
    "change_TASKS": ("The help I get", "Yr help a gaf"),
    "change_BUDDY": ("Who helps me", "Pwy sy’n fy helpu"),
    "change_OTHER": ("Something different", "Rhywbeth gwahanol"),
    "change_check": ("Do you want to send this?", "Ydych chi eisiau anfon hyn?"),
    "change_next": (
        "Staff talk to you in private about what can be changed.",
        "Bydd staff yn siarad â chi’n breifat am yr hyn y gellir ei newid.",
    ),
    "no_help_now": ("You have no help from a buddy now.", "Nid oes gennych help gan gyfaill nawr."),
    "own_thanks": ("Thank you.", "Diolch."),
    "own_next": (
        "Only the social care lead sees what you said.",
        "Dim ond yr arweinydd gofal cymdeithasol sy’n gweld yr hyn a ddywedoch.",
    ),
}

MONTHS = {
    ENGLISH: (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
    WELSH: (
        "Ionawr", "Chwefror", "Mawrth", "Ebrill", "Mai", "Mehefin",
        "Gorffennaf", "Awst", "Medi", "Hydref", "Tachwedd", "Rhagfyr",
    ),
}  # fmt: skip

# As they follow "on": in Welsh a day of the week carries its own word for it.
WEEKDAYS = {
    ENGLISH: ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    WELSH: (
        "ddydd Llun", "ddydd Mawrth", "ddydd Mercher", "ddydd Iau", "ddydd Gwener", "ddydd Sadwrn", "ddydd Sul",
    ),
}  # fmt: skip


def say(key: str, language: str, **values: object) -> str:
    """The sentence in this language. An unknown key is an error: no string may be missing."""
    text = WORDS[key][LANGUAGES.index(language)]
    return text.format(**values) if values else text
