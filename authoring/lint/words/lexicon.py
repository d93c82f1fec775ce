"""Words by what they mean to a rule. Matched in lower case, whole words only."""

from authoring.lint.words.wordlists import words

JUDGEMENT = words(
    """
    accurate accurately acceptable adequate adequately appropriate appropriately clear clearly
    convincing correct correctly decent effective effectively efficient efficiently empathetic
    friendly good helpful high-quality meaningful nice nicely polite politely professional
    professionally proper properly reasonable reasonably relevant respectful satisfactory
    sensible sufficient sufficiently suitable thorough thoroughly timely understandable useful
    well
    """
)
# what a criterion asks the value of
VALUES = words(
    """
    address amount balance brand carrier category channel city code cost count date day
    deadline destination discount email e-mail fee id item last month name number order
    outcome owner payment percentage phone price priority product quantity rate reason refund
    result rule size status stock subject sum tax tier time total tracking type value warranty
    weight year
    """
)
DETERMINERS = words(
    """
    the a an its their his her this that these those our your each every all any one
    """
)
PREPOSITIONS = words(
    """
    about above after against among as at before below beside between by during for from in
    into of on onto over per since through to towards under until with within without than
    """
)
QUANTIFIERS = words(
    """
    all any both each every exactly no none most neither either half least most fewer
    more many few several multiple other one two three four five six seven eight nine ten
    eleven twelve
    """
)
RELATIVES = words("who whom whose which where")
SAYERS = words(
    """
    answer chat e-mail email letter line mail message note reply response subject summary
    table text tone
    """
)
EXCEPTIONS = words("but except besides excluding")
MONTHS = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    "sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
FIXED_PAIRS = (
    "terms and conditions",
    "shipping and handling",
    "parts and labour",
    "parts and labor",
    "pros and cons",
    "lost and found",
    "wear and tear",
    "date and time",
    "time and date",
    "track and trace",
    "research and development",
    "plug and play",
    "drag and drop",
    "now and then",
    "again and again",
    "sales and support",
    "questions and answers",
    "q and a",
    "r and d",
    "back and forth",
    "one and the same",
    "first and last name",
    "name and surname",
    "more and more",
)
DROPPED = words(
    """
    a about above after all also an and any are aren as at be been before being beside between both
    but by can cannot could did didn do does doesn don each every for from had has hasn have haven
    her his how if in into is isn it its made must neither never no none nor not of on once one only
    or other our out over same so some such than that the their them then there these they this
    those to under until up us was wasn we were weren what when where whether which who whom whose
    why will with within without would you your he she i me my it's
    """
)
# what somebody says it in, and that they say it: no topic
REPORTING = words(
    """
    agent answer closing contain e-mail email final give given line list mail message mention name
    new note please record reply report response said say state table tell told
    """
)
