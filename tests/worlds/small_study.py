"""A small study in another field, as files: other groups, heights, languages, panel and units."""

FILES = {
    "groups.csv": "code,name_en,name_fr\nair,Air,Air\nwater,Water,Eau\n",
    "indicators.csv": (
        "code,group,name_en,name_fr,levels\n"
        "dust,air,Dust,Poussière,2\n"
        "ozone,air,Ozone,Ozone,3\n"
        "soot,air,Soot,Suie,1\n"
        "lead,water,Lead,Plomb,5\n"
    ),
    "rungs.csv": (
        "indicator,level,text_en\n"
        "dust,1,Measured\n"
        "dust,2,Below the limit\n"
        "lead,1,Known\nlead,2,Published\nlead,3,Falling\nlead,4,Low\nlead,5,None\n"
    ),
    "panel.csv": (
        "expert,direction,language,method\n"
        "E1,air,en,pairwise\n"
        "E2,water,fr,pairwise\n"
        "E3,water,en,direct\n"
    ),
    "comparisons.csv": (
        "expert,parent,a,b,judgement\n"
        "E1,air,dust,ozone,2\n"
        "E1,air,dust,soot,4\n"
        "E1,air,ozone,soot,2\n"
        "E1,goal,air,water,3\n"
        "E2,air,dust,ozone,1/2\n"
        "E2,air,ozone,soot,4\n"
        "E2,goal,air,water,1/3\n"
    ),
    "points.csv": (
        "expert,parent,item,points\n"
        "E3,air,dust,50\n"
        "E3,air,ozone,50\n"
        "E3,air,soot,0\n"
        "E3,goal,air,30\n"
        "E3,goal,water,70\n"
    ),
    "cities.csv": (
        "city,name_en,name_fr,country,capital,latitude,longitude\n"
        "lyon,Lyon,Lyon,FR,0,45.75,4.85\n"
        "cairo,Cairo,Le Caire,EG,1,30.06,31.25\n"
        "oslo,Oslo,Oslo,NO,1,59.91,10.75\n"
        "lima,Lima,Lima,PE,1,-12.04,-77.03\n"
    ),
    "levels.csv": (
        "city,dust,ozone,soot,lead\nlyon,2,1,1,5\ncairo,1,0,0,2\noslo,2,3,1,\nlima,1,0,0,2\n"
    ),
    "tables.csv": "table,name_en,groups\nall,All,air water\nair-only,Air,air\n",
}
