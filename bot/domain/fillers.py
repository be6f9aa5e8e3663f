"""Words that people wrap around a topic when they ask: question words, articles, "anyone here with experience".

Eight languages in one set, because people mix languages and the asker's language is only a guess. A word that names
a topic in any of the languages stays out (the Italian "casa", the French "police").
"""

from __future__ import annotations

from bot.domain.matching import normalise

_ENGLISH = """
a about above advice after again all already also am an and another any anybody anyone anything are around as ask
asking at be because been before being best but by can cannot could did do does doing done during each either else
etc ever every everyone everybody experience experiences expert experts few for from get gets getting give go going
good got great had has have having he hello help helped helping her here hey hi him his how i idea ideas if in into
is it its just know knows lately like look looking lot made make makes making many maybe me more most much my need
needed needs never new no not now of off on one only or other our out over own people person please question
questions really run running same say she should since size so some somebody someone something such tell than thank
thanks that the their them then there these they thing things think this those through to too tried try trying up us
use used using very want wanted was way we well were what when where which while who whom whose why will with within
without work worked working would you your yours am colleague colleagues tips dealt dealing implemented introduced
"""
_FRENCH = """
ai ait alors as au aucun aussi autre autres aux avec avez avoir avons bonjour bien car ce cela celui ces cet cette ceux
chaque chez cherche cherchons chose comme comment connait connaissez connaitre contre d dans de deja depuis des deux
dont du elle elles en encore entre es est et etes etre eu experience experiences expert fait faire faites fait faut
font ici il ils j je jamais l la le les leur leurs lui m ma mais me meme merci mes mettre mis mise moi mon n ne ni nos
notre nous on ont ou par parmi pas pendant personne peu peut peuvent plus pour pourquoi pouvez pres qu quand que
quel quelle quelles quels quelqu quelque quelques qui quoi s sa salut sans savoir se ses si soit son sont sous sur t
ta te tes toi ton tous tout toute toutes travaille tres tu un une vers vos votre vous y aide aider besoin taille lutte
"""
_SPANISH = """
a al algo alguien algun alguna algunas algunos ante aqui asi aun ayuda ayudar bien busco buscamos cada como con conoce
conocer cual cuales cuando cuanto cuantos de del desde donde dos e el ella ellas ellos en entre era es esa esas ese eso
esos esta estan estas este esto estos estoy experiencia experiencias fue gracias ha hace hacen hacer haceis han has
hasta hay he hecho hemos hola la las le les lo los mas me mi mis mucho muy nada necesito necesitamos ni no nos nosotros
nuestra nuestras nuestro nuestros o os otra otras otro otros para pero por porque puede pueden puedo que quien quienes
quiero sabe saber se ser si sin sobre solo son soy su sus tal tambien tan tanto te tener tengo tiene tienen todo todos
trabaja trabajado trabajar tu un una unas uno unos usted ustedes vosotros vuestra vuestro y ya yo
"""
_GERMAN = """
aber alle allem allen aller alles als also am an andere anderen auch auf aus bei beim bin bitte brauche brauchen da
danke damit dann das dass dein dem den denn der des dich die dies diese diesem diesen dieser dieses dir doch du durch
ein eine einem einen einer eines er erfahrung erfahrungen es etwas euch euer eure fur gegen gehabt gemacht gerade gern
gibt habe haben habt hallo hat hatte hatten hier hilfe ich ihm ihn ihnen ihr ihre im in ins ist ja jemand jemanden
jetzt kann kein keine kennt konnen konnt konnte macht machen man mehr mein meine mich mir mit mochte muss nach nicht
nichts noch nur ob oder ohne schon sehr sein seine seit sich sie sind so sollen sucht suche suchen uber um und uns
unser unsere unserer unter viel vielleicht vom von vor wann war waren warum was weiss welche welchem welcher welches
wem wen wenn wer werden wie wieder will wir wird wo wurde zu zum zur zwischen auskennt
"""
_PORTUGUESE = """
a ajuda algo alguem algum alguma algumas alguns ao aos aquele aquela aqui as assim ate com como conhece contra da das
de dele dela deles depois desde do dos e ela elas ele eles em entre era essa essas esse esses esta estao estas este
estes estou eu experiencia experiencias faz fazem fazer feito fez foi gostaria ha isso isto ja la lhe mais mas me meu
meus minha muito na nao nas nem no nos nossa nossas nosso nossos num numa o obrigada obrigado ola onde os ou outra
outras outro outros para pela pelas pelo pelos por porque posso precisamos preciso procuro qual quais quando quanto
que quem quer saber se sem ser seu seus so sobre sua suas tambem te tem temos tenho ter todos trabalha trabalhou tu um
uma umas uns vos vossa vosso voce voces
"""
_ITALIAN = """
a abbiamo agli ai aiuto al alla alle allo altra altre altri altro anche ancora avere avete bisogno c che chi ci ciao
cerco cerchiamo come con conosce contro cosa cui d da dagli dai dal dalla dalle dallo degli dei del dell della delle
dello di dove due e ed era esperienza esperienze essere fa fanno fare fatto gia gli grazie ha hai hanno ho i il in io
l la le lei li lo loro lui ma mi mia mio molto ne negli nei nel nell nella nelle nello noi non nostra nostre nostri
nostro o occupa ogni oppure per perche piu po potete puo qualcosa qualcuno quale quali quando quanto quella quelle
quelli quello questa queste questi questo qui sa se sei senza si sia siamo sono sta su sua sue sui sul sulla suo tra
tu tutti tutto un una uno vi voi vorrei vostra vostro
"""
_POLISH = """
a aby albo ale ani bardzo bez bo by byc byl byla bylo byly chce ci cie co cos czesc czy czego czym dla dlaczego do
doswiadczenia doswiadczenie doswiadczeniem dobry dzien dziekuje gdy gdzie go i ich ile im inne innych innym ja jak jaka
jaki jakie jako je jego jej jest jestem jeszcze juz kazdy kiedy kogo kogos komu kto ktora ktore ktory ktos ktorzy
lub ma macie maja mam mamy mi mial mnie moj moja moge mozna moze mozecie mu my na nad nam nas nasz nasza nasze naszym
naszej nasze nie niz o od ona one oni ono oraz pan pani po pod pomoc pomaga poszukuje potrzebuje potrzebujemy prosze
przed przez przy robi robic robil robila robili robicie sa sam sie skad sobie swoj szukam szukamy ta tak takie tam te
tego tej temat ten to tu ty tych tylko tym u w wam was wasz we wie wiem wszystko wszyscy wy z za zajmowal ze zrobil
zna znam zrobic zeby
"""
_UKRAINIAN = """
а або але без би був була були було бути в вам вас ваш ваша ваші ви від він вона вони воно все всі вже де для до
досвід досвіду досвідом дуже дякую є з за зі займався займається зробив зробити знає знаю знає і її із ім інші інших й
його їх їм коли кого когось кому кожен хто хтось куди мав має маємо маєте мають мене мені ми можна може можете мій моя
на над нам нас наш наша наше нашій нашому наші не ні них ніж о один одна ось по під потрібен потрібна потрібно потрібні
прошу при про підкажіть робив робила робили робите робити працює працюєте працювати працював працювали сам свій своє
себе та так такий таке там те ти тим тих то тобто того той тому тут у усі це цей ця ці цього чи через чим чого чому
шукаю шукаємо що щоб як яка яке який які якої якщо привіт допомога допоможіть
"""


FILLERS: frozenset[str] = frozenset(
    normalise(
        " ".join((_ENGLISH, _FRENCH, _SPANISH, _GERMAN, _PORTUGUESE, _ITALIAN, _POLISH, _UKRAINIAN)), limit=None
    ).split()
)
